// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.image.registry.Uploads;
import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Pushing a blob: `POST /v2/<name>/blobs/uploads/` begins, or takes it whole; `PATCH` adds a chunk, `PUT` ends, `GET`
/// asks how far it is, `DELETE` gives up.
final class UploadHandler {
    private static final Pattern CONTENT_RANGE = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    private final Registry registry;
    private final Uploads uploads;

    UploadHandler(Registry registry) {
        this.registry = registry;
        this.uploads = registry.uploads();
    }

    /// A blob can be mounted from whichever repository has it, named or not.
    void begin(Route.UploadsOf route, Exchange exchange) throws IOException {
        Optional<OciDigest> mount = exchange.query("mount").map(BlobHandler::digest);
        if (mount.isPresent() && registry.mount(route.repository(), mount.get())) {
            created(route.repository(), mount.get(), exchange);
            return;
        }
        Optional<OciDigest> whole = exchange.query("digest").map(BlobHandler::digest);
        String id = uploads.begin(route.repository());
        if (whole.isPresent()) {
            uploads.append(route.repository(), id, 0, exchange.body());
            registry.commit(route.repository(), id, whole.get());
            created(route.repository(), whole.get(), exchange);
        } else {
            accepted(202, new Route.UploadOf(route.repository(), id), 0, exchange);
        }
    }

    void status(Route.UploadOf route, Exchange exchange) throws IOException {
        accepted(204, route, uploads.offset(route.repository(), route.id()), exchange);
    }

    void append(Route.UploadOf route, Exchange exchange) throws IOException {
        long offset = uploads.append(route.repository(), route.id(), start(route, exchange), exchange.body());
        accepted(202, route, offset, exchange);
    }

    void finish(Route.UploadOf route, Exchange exchange) throws IOException {
        OciDigest digest = BlobHandler.digest(exchange.query("digest").orElse(""));
        uploads.append(route.repository(), route.id(), start(route, exchange), exchange.body());
        registry.commit(route.repository(), route.id(), digest);
        created(route.repository(), digest, exchange);
    }

    void cancel(Route.UploadOf route, Exchange exchange) throws IOException {
        uploads.cancel(route.repository(), route.id());
        exchange.answer(204);
    }

    /// A chunk without `Content-Range` begins where the last one ended.
    private long start(Route.UploadOf route, Exchange exchange) {
        long offset = uploads.offset(route.repository(), route.id());
        Optional<String> range = exchange.header("Content-Range");
        if (range.isEmpty()) {
            return offset;
        }
        Matcher matcher = CONTENT_RANGE.matcher(range.get());
        if (!matcher.matches()) {
            throw new RegistryException.ChunkOutOfOrder("an unreadable Content-Range", offset);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static void accepted(int status, Route.UploadOf route, long offset, Exchange exchange) throws IOException {
        exchange.set("Location", "/v2/" + route.repository() + "/blobs/uploads/" + route.id())
                .set("Range", "0-" + Math.max(offset - 1, 0))
                .set("Docker-Upload-UUID", route.id())
                .answer(status);
    }

    private static void created(String repository, OciDigest digest, Exchange exchange) throws IOException {
        exchange.set("Location", "/v2/" + repository + "/blobs/" + digest)
                .set("Docker-Content-Digest", digest.toString())
                .answer(201);
    }
}
