// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// `GET` and `HEAD /v2/<name>/blobs/<digest>`, whole or one range of bytes.
final class BlobHandler {
    private static final long CHUNK_BYTES = 1 << 20;

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
        try (FileChannel blob = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = blob.size();
            ByteRange range = ByteRange.parse(exchange.header("Range").orElse(""), size);
            exchange.set("Docker-Content-Digest", digest.toString())
                    .set("Content-Type", "application/octet-stream")
                    .set("Accept-Ranges", "bytes");
            if (range.partial() && range.length() == 0) {
                exchange.set("Content-Range", "bytes */" + size).answer(416);
                return;
            }
            if (range.partial()) {
                exchange.set("Content-Range", range.contentRange(size));
            }
            send(blob, range, exchange.start(range.partial() ? 206 : 200, range.length()));
        }
    }

    private static void send(FileChannel blob, ByteRange range, OutputStream out) throws IOException {
        WritableByteChannel target = Channels.newChannel(out);
        long end = range.first() + range.length();
        for (long position = range.first(); position < end; ) {
            position += blob.transferTo(position, Math.min(CHUNK_BYTES, end - position), target);
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
