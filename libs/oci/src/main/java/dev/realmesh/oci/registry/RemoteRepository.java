// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import java.net.URI;

/// Where a repository's API is. Docker's registry has another host than its references.
///
/// @param base URI that ends with `/v2/<name>/`
/// @param registry as references have it
/// @param name of the repository there
record RemoteRepository(URI base, String registry, String name) {
    /// The repository that a reference names.
    ///
    /// @param plainHttp whether that registry has no TLS
    static RemoteRepository of(Reference reference, boolean plainHttp) {
        String host = reference.registry().equals(Reference.DOCKER) ? "registry-1.docker.io" : reference.registry();
        String name = reference.path();
        return new RemoteRepository(
                URI.create((plainHttp ? "http://" : "https://") + host + "/v2/" + name + "/"),
                reference.registry(),
                name);
    }

    URI manifest(Reference.Version version) {
        return URI.create(base + "manifests/" + version.suffix().substring(1));
    }

    URI blob(String digest) {
        return URI.create(base + "blobs/" + digest);
    }

    URI referrers(OciDigest subject) {
        return URI.create(base + "referrers/" + subject);
    }

    URI uploads() {
        return base.resolve("blobs/uploads/");
    }
}
