// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// Answers that are small: manifests, tokens, lists. They have to be there in a certain time, else a registry could
/// give
/// a byte now and then, and keep its caller for days.
final class Documents {
    private static final int BUFFER_BYTES = 16 << 10;

    private Documents() {}

    /// Reads an answer whole, and closes it; one that is longer, to a byte more than `maxBytes`.
    ///
    /// @throws RegistryClientException.Unavailable if it breaks off, or is not there in time
    static byte[] read(HttpResponse<InputStream> response, int maxBytes, Duration limit) {
        long begun = System.nanoTime();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream body = response.body()) {
            int left = maxBytes + 1;
            int read = body.read(buffer, 0, Math.min(left, buffer.length));
            while (read > 0) {
                content.write(buffer, 0, read);
                left -= read;
                if (System.nanoTime() - begun > limit.toNanos()) {
                    throw new HttpTimeoutException("not whole within " + limit.toMillis() + " ms");
                }
                read = body.read(buffer, 0, Math.min(left, buffer.length));
            }
            return content.toByteArray();
        } catch (IOException e) {
            throw new RegistryClientException.Unavailable(response.uri(), e);
        }
    }
}
