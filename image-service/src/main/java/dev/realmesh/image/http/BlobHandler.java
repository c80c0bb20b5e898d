// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `GET` and `HEAD /v2/<name>/blobs/<digest>`, whole or one range of bytes.
final class BlobHandler {
    private final Registry registry;

    BlobHandler(Registry registry) {
        this.registry = registry;
    }

    void get(Route.BlobOf route, Exchange exchange) throws IOException {
        if (!Reference.isRepository(route.repository())) {
            throw new RegistryException.NameInvalid(route.repository());
        }
        OciDigest digest = digest(route.digest());
        Path file = registry.blobs().find(digest).orElseThrow(() -> new RegistryException.BlobUnknown(digest));
        long size = Files.size(file);
        ByteRange range = ByteRange.parse(exchange.header("Range").orElse(""), size);
        exchange.set("Docker-Content-Digest", digest.toString())
                .set("Content-Type", "application/octet-stream")
                .set("Accept-Ranges", "bytes");
        if (range.partial() && range.length() == 0) {
            exchange.set("Content-Range", "bytes */" + size).answer(416);
        } else if (range.partial()) {
            exchange.set("Content-Range", range.contentRange(size)).answer(206, file, range);
        } else {
            exchange.answer(200, file, range);
        }
    }

    static OciDigest digest(String text) {
        try {
            return OciDigest.parse(text);
        } catch (OciException e) {
            throw new RegistryException.DigestInvalid("digest: not one (expected: sha256:… or sha512:…)");
        }
    }
}
