// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.image.client.FetchedManifest;
import dev.realmesh.image.client.RegistryClient;
import dev.realmesh.image.client.RegistryClientException;
import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Finds manifests and blobs by reference. Blobs of other registries are fetched into our own store, checked, and given
/// from there; their tags are asked for anew each time.
public final class Delivery {
    private static final int STRIPES = 64;

    private final Registry registry;
    private final RegistryClient upstream;
    private final KnownRegistries known;

    /// So that a blob is fetched once, however many Realms ask for it at a time.
    private final ReentrantLock[] fetching =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

    /// @param allowed registries that may be asked, as references have them
    public Delivery(Registry registry, RegistryClient upstream, Set<String> allowed) {
        this.registry = registry;
        this.upstream = upstream;
        this.known = new KnownRegistries(allowed);
    }

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
        } catch (RegistryException | RegistryClientException.NotFound e) {
            throw new DeliveryException.Unknown(reference, e);
        } catch (RegistryClientException | OciException | IOException e) {
            throw new DeliveryException.Unavailable(reference, e);
        }
    }

    /// A file with the blob's bytes, which never changes.
    ///
    /// @param image that the blob belongs to
    /// @throws DeliveryException if it cannot be had
    public Path blob(Reference image, OciDigest digest) {
        boolean own = known.isOwn(image);
        Optional<Path> found = registry.blobs().find(digest);
        if (found.isPresent()) {
            return found.get();
        }
        if (own) {
            throw new DeliveryException.Unknown(image, digest);
        }
        ReentrantLock lock = fetching[Math.floorMod(digest.hashCode(), STRIPES)];
        lock.lock();
        try {
            return registry.blobs().find(digest).orElseGet(() -> fetch(image, digest));
        } finally {
            lock.unlock();
        }
    }

    private Path fetch(Reference image, OciDigest digest) {
        try (InputStream content = upstream.blob(image, digest)) {
            registry.uploads()
                    .take(image.repository(), digest, VerifyingInputStream.of("blob " + digest, digest, content));
        } catch (RegistryClientException.NotFound e) {
            throw new DeliveryException.Unknown(image, e);
        } catch (RegistryClientException | RegistryException | OciException | IOException | UncheckedIOException e) {
            throw new DeliveryException.Unavailable(image, e);
        }
        return registry.blobs().find(digest).orElseThrow(() -> new DeliveryException.Unknown(image, digest));
    }
}
