// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.PrivateRegistries;
import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.oci.registry.AuthDocument;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.FetchedManifest;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.oci.registry.RegistryClientException;
import dev.realmesh.oci.registry.Route;
import dev.realmesh.oci.registry.TrustedRoots;
import dev.realmesh.realm.tunnel.ConnectProxy;
import dev.realmesh.realm.tunnel.TunnelException;
import dev.realmesh.realm.tunnel.Tunnels;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/// Images of registries that the Realm asks itself, by its own logins. All that the host sees is TLS, which ends in
/// here: a registry without it is never asked.
final class RegistrySource implements ImageSource, AutoCloseable {
    private final AuthDocument logins;
    private final ConnectProxy proxy;
    private final RegistryClient client;

    private RegistrySource(AuthDocument logins, ConnectProxy proxy, RegistryClient client) {
        this.logins = logins;
        this.proxy = proxy;
        this.client = client;
    }

    /// Asks by these logins, and believes who has a certificate of the guest's roots, which are measured, or the extra
    /// ones, which its initdata has.
    static RegistrySource open(
            AuthDocument logins, PrivateRegistries registries, Tunnels tunnels, InstantSource clock) {
        ConnectProxy proxy = ConnectProxy.over(tunnels);
        Route route = new Route(Optional.of(proxy.address()), Optional.of(TrustedRoots.with(registries.extraRoots())));
        ClientOptions options = ClientOptions.of(Set.of()).withLogins(logins).withRoute(route);
        return new RegistrySource(logins, proxy, new RegistryClient(options, clock));
    }

    @Override
    public ServedManifest manifest(Reference reference) {
        FetchedManifest fetched = asked(() -> client.manifest(reference));
        return new ServedManifest(fetched.mediaType(), fetched.digest(), fetched.content());
    }

    @Override
    public List<OciDigest> referrers(Reference image, OciDigest subject, String artifactType) {
        List<OciDigest> found = asked(() -> client.referrers(image, subject)).stream()
                .filter(referrer -> referrer.artifactType().equals(artifactType))
                .map(ReferrerDescriptor::manifest)
                .map(manifest -> manifest.digest())
                .distinct()
                .toList();
        if (found.size() > MAX_REFERRERS) {
            throw new OciException.LimitExceeded("manifests about " + subject, MAX_REFERRERS);
        }
        return found;
    }

    @Override
    public BlobSource blobs(Reference reference) {
        return blob -> new RegistryBlob(asked(() -> client.blob(reference, blob.digest())), this::failure);
    }

    @Override
    public void close() {
        client.close();
        proxy.close();
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (RegistryClientException e) {
            throw failure(e);
        }
    }

    private ImageException failure(RegistryClientException failure) {
        String problem = String.valueOf(failure.getMessage());
        return switch (failure) {
            case RegistryClientException.NotFound e -> new ImageException.NotFound(problem);
            case RegistryClientException.Denied e -> new ImageException.Denied(logins + ": " + problem, e);
            case RegistryClientException.BadAuthFile e -> new ImageException.BadCredentials(problem, e);
            case RegistryClientException.LoginWithheld e -> new ImageException.Denied(problem, e);
            case RegistryClientException.BadAnswer e -> new ImageException.Unavailable(problem, e);
            case RegistryClientException.Unavailable e ->
                proxy.refusal(e.uri()).map(RegistrySource::noTunnel).orElseGet(() -> unavailable(problem, e));
        };
    }

    private static ImageException noTunnel(TunnelException refusal) {
        String problem = String.valueOf(refusal.getMessage());
        return switch (refusal) {
            case TunnelException.Forbidden e -> new ImageException.Denied(problem, e);
            case TunnelException.Unavailable e -> new ImageException.Unavailable(problem, e);
        };
    }

    private static ImageException unavailable(String problem, Throwable failure) {
        boolean untrusted = failure.getCause() instanceof SSLException;
        String hint = untrusted ? "; see extra-root-certificates in the Realm's initdata" : "";
        return new ImageException.Unavailable(problem + hint, failure);
    }
}
