// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.image.registry.PulledBlobs;
import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.FetchedManifest;
import dev.realmesh.oci.registry.RegistryClientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/// Finds manifests and blobs by reference. A blob is found only under a repository that has it. Blobs of other
/// registries are fetched once, checked, and given from here; their tags are asked for anew each time.
public final class Delivery {
    private static final int MAX_FETCHES = 3;

    private final Registry registry;
    private final PulledBlobs pulled;
    private final Upstream upstream;
    private final KnownRegistries known;

    /// So that a blob is fetched once, however many Realms ask for it at a time.
    private final SingleFlight<Wanted> fetches = new SingleFlight<>();

    /// @param allowed registries that may be asked, as references have them
    public Delivery(Registry registry, PulledBlobs pulled, Upstream upstream, Set<String> allowed) {
        this.registry = registry;
        this.pulled = pulled;
        this.upstream = upstream;
        this.known = new KnownRegistries(allowed);
    }

    private record Wanted(String repository, OciDigest digest) {}

    /// The manifest or index that a reference names now.
    ///
    /// @throws DeliveryException if it cannot be had
    public StoredManifest manifest(Reference reference) {
        try {
            if (known.isOwn(reference)) {
                return registry.manifest(reference.repository(), reference.version());
            }
            FetchedManifest fetched = upstream.manifest(reference);
            return new StoredManifest(fetched.mediaType(), fetched.digest(), fetched.content());
        } catch (RegistryException e) {
            throw new DeliveryException.Unknown(reference, e);
        } catch (RegistryClientException | OciException | IOException e) {
            throw DeliveryException.of(reference, e);
        }
    }

    /// A blob's bytes, which never change; the caller closes it.
    ///
    /// @param image that the blob belongs to
    /// @throws DeliveryException if it cannot be had
    public FileChannel blob(Reference image, OciDigest digest) {
        try {
            return known.isOwn(image) ? own(image, digest) : remote(image, digest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException.Unavailable(image, new InterruptedIOException("closing"));
        } catch (IOException e) {
            throw new DeliveryException.Unavailable(image, e);
        }
    }

    private FileChannel own(Reference image, OciDigest digest) throws IOException {
        try {
            return FileChannel.open(registry.blob(image.repository(), digest), StandardOpenOption.READ);
        } catch (RegistryException e) {
            throw new DeliveryException.Unknown(image, digest);
        }
    }

    /// More than once, as what is here may be taken for damaged, or make room for others, before it is opened.
    private FileChannel remote(Reference image, OciDigest digest) throws IOException, InterruptedException {
        Optional<FileChannel> here = pulled.open(image, digest);
        for (int fetched = 0; here.isEmpty() && fetched < MAX_FETCHES; fetched++) {
            fetches.fly(new Wanted(image.name(), digest), () -> fetch(image, digest));
            here = pulled.open(image, digest);
        }
        return here.orElseThrow(() -> new DeliveryException.Unavailable(
                image, new IOException("blob " + digest + " is removed as soon as it is here")));
    }

    private void fetch(Reference image, OciDigest digest) {
        try {
            upstream.blob(image, digest, content -> pulled.take(image, digest, content));
        } catch (RegistryClientException | RegistryException | OciException | IOException e) {
            throw DeliveryException.of(image, e);
        }
    }
}
