// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.PrivateRegistries;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.AuthDocument;
import dev.realmesh.oci.registry.RegistryClientException;
import dev.realmesh.realm.secret.SecretClient;
import dev.realmesh.realm.tunnel.Tunnels;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Images from where they are to come: the Realm asks a registry itself if key-broker has a login for it, or else the
/// host's image-service. Thread-safe.
public final class RoutedSource implements ImageSource {
    private final ImageSource host;
    private final AuthDocument logins;
    private final PrivateRegistries registries;
    private final Tunnels tunnels;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<RegistrySource> registry = Optional.empty();

    private RoutedSource(Origins origins, AuthDocument logins, PrivateRegistries registries, InstantSource clock) {
        this.host = origins.host;
        this.tunnels = origins.tunnels;
        this.logins = logins;
        this.registries = registries;
        this.clock = clock;
    }

    /// What the host offers.
    ///
    /// @param host images of the mesh, and of registries that it asks
    /// @param tunnels ways to registries that the Realm asks
    public record Origins(ImageSource host, Tunnels tunnels) {}

    /// Images by the settings of a Realm.
    ///
    /// @param secrets key-broker's, which has the logins
    public static ImageSource of(
            Origins origins, PrivateRegistries registries, SecretClient secrets, InstantSource clock) {
        if (registries.credentials().isEmpty()) {
            return origins.host;
        }
        ResourceUri uri = registries.credentials().get();
        AuthDocument logins = new AuthDocument(uri.toString(), new RegistryCredentials(uri, secrets, clock));
        return new RoutedSource(origins, logins, registries, clock);
    }

    @Override
    public ServedManifest manifest(Reference reference) {
        return source(reference).manifest(reference);
    }

    @Override
    public List<OciDigest> referrers(Reference image, OciDigest subject, String artifactType) {
        return source(image).referrers(image, subject, artifactType);
    }

    @Override
    public BlobSource blobs(Reference reference) {
        return source(reference).blobs(reference);
    }

    /// An image of the mesh's own registry has no login.
    private ImageSource source(Reference image) {
        try {
            return image.registry().isEmpty() || !logins.has(image) ? host : registry();
        } catch (RegistryClientException.BadAuthFile e) {
            throw new ImageException.BadCredentials(String.valueOf(e.getMessage()), e);
        }
    }

    /// Made when it is first needed: most Realms start without.
    private ImageSource registry() {
        lock.lock();
        try {
            RegistrySource made = registry.orElseGet(() -> RegistrySource.open(logins, registries, tunnels, clock));
            registry = Optional.of(made);
            return made;
        } finally {
            lock.unlock();
        }
    }
}
