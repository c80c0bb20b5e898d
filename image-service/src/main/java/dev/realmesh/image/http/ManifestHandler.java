// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.io.IOException;

/// `GET`, `HEAD`, `PUT` and `DELETE /v2/<name>/manifests/<tag or digest>`.
final class ManifestHandler {
    private final Registry registry;

    ManifestHandler(Registry registry) {
        this.registry = registry;
    }

    void get(Route.ManifestOf route, Exchange exchange) throws IOException {
        StoredManifest manifest = registry.manifest(route.repository(), versionToRead(route));
        exchange.set("Content-Type", manifest.mediaType())
                .set("Docker-Content-Digest", manifest.digest().toString())
                .answer(200, manifest.content());
    }

    void put(Route.ManifestOf route, Exchange exchange) throws IOException {
        byte[] content = exchange.body().readNBytes(Manifest.MAX_BYTES + 1);
        if (content.length > Manifest.MAX_BYTES) {
            throw new RegistryException.LimitExceeded("bytes of a manifest", Manifest.MAX_BYTES);
        }
        String mediaType = exchange.header("Content-Type").orElse("");
        Registry.Stored stored = registry.putManifest(route.repository(), versionToWrite(route), mediaType, content);
        stored.subject().ifPresent(subject -> exchange.set("OCI-Subject", subject.toString()));
        exchange.set("Location", "/v2/" + route.repository() + "/manifests/" + stored.digest())
                .set("Docker-Content-Digest", stored.digest().toString())
                .answer(201);
    }

    void delete(Route.ManifestOf route, Exchange exchange) throws IOException {
        registry.deleteManifest(route.repository(), versionToRead(route));
        exchange.answer(202);
    }

    private static Reference.Version versionToRead(Route.ManifestOf route) {
        try {
            return version(route.version());
        } catch (OciException e) {
            throw new RegistryException.ManifestUnknown(route.repository(), ":" + route.version());
        }
    }

    private static Reference.Version versionToWrite(Route.ManifestOf route) {
        try {
            return version(route.version());
        } catch (OciException e) {
            throw new RegistryException.ManifestInvalid("named by neither tag nor digest", e);
        }
    }

    private static Reference.Version version(String text) {
        return text.indexOf(':') < 0 ? new Reference.Tag(text) : new Reference.ByDigest(OciDigest.parse(text));
    }
}
