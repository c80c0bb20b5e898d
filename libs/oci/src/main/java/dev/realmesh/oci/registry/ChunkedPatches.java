// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.net.http.HttpRequest;

/// A `PATCH` for each chunk, of known length and place (OCI distribution specification 1.1, "Pushing a blob in
/// chunks"). A chunk is kept until it is taken, so that it is sent again where a failure may pass, or a token has
/// ended.
final class ChunkedPatches implements UploadWay {
    private final RegistryHttp http;
    private final byte[] chunk;
    private UploadPlace place;
    private long offset;
    private int filled;

    /// @param chunk the first one, full; used for all
    ChunkedPatches(RegistryHttp http, UploadPlace place, byte[] chunk) {
        this.http = http;
        this.place = place;
        this.chunk = chunk;
        this.filled = chunk.length;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        for (int done = 0; done < length; ) {
            if (filled == chunk.length) {
                send();
            }
            int count = Math.min(length - done, chunk.length - filled);
            System.arraycopy(bytes, from + done, chunk, filled, count);
            filled += count;
            done += count;
        }
    }

    @Override
    public UploadPlace end() {
        send();
        return place;
    }

    @Override
    public UploadPlace stop() {
        return place;
    }

    private void send() {
        HttpRequest.Builder patch = HttpRequest.newBuilder(place.uri())
                .header("Content-Type", "application/octet-stream")
                .header("Content-Range", offset + "-" + (offset + filled - 1))
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(chunk, 0, filled));
        place = place.after(http.send(place.repository(), patch));
        offset += filled;
        filled = 0;
    }
}
