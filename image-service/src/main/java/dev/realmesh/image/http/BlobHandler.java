// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `GET`, `HEAD` and `DELETE /v2/<name>/blobs/<digest>`; the first whole or one range of bytes.
final class BlobHandler {
    private final Registry registry;

    BlobHandler(Registry registry) {
        this.registry = registry;
    }

    void get(Route.BlobOf route, Exchange exchange) throws IOException {
        OciDigest digest = digest(route.digest());
        Path file = registry.blob(route.repository(), digest);
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

    void delete(Route.BlobOf route, Exchange exchange) throws IOException {
        registry.deleteBlob(route.repository(), digest(route.digest()));
        exchange.answer(202);
    }

    static OciDigest digest(String text) {
        try {
            return OciDigest.parse(text);
        } catch (OciException e) {
            throw new RegistryException.DigestInvalid("digest: not one (expected: sha256:… or sha512:…)");
        }
    }
}
