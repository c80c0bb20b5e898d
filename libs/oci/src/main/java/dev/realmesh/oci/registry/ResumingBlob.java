// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.BulkInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A blob on its way, which goes on at the byte where a connection broke off or stood still (RFC 9110 section 14). Who
/// reads it checks the digest of the whole, and so that the parts belong together. Attempts are counted anew after each
/// MiB: a large blob may break off often, and a registry cannot go on for ever by giving little.
final class ResumingBlob extends BulkInputStream {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final long PROGRESS_BYTES = 1 << 20;
    private static final long UNKNOWN = -1;

    private final URI uri;
    private final LongFunction<HttpResponse<InputStream>> opening;
    private final Backoff backoff;
    private final long size;
    private InputStream body;
    private long offset;
    private long failedAt;
    private int failed;

    private ResumingBlob(URI uri, LongFunction<HttpResponse<InputStream>> opening, Backoff backoff) {
        this.uri = uri;
        this.opening = opening;
        this.backoff = backoff;
        HttpResponse<InputStream> first = opening.apply(0);
        this.body = first.body();
        this.size = first.headers().firstValueAsLong("Content-Length").orElse(UNKNOWN);
    }

    /// Opens a blob.
    ///
    /// @param opening asks for all from an offset on; its failures are final
    static InputStream open(URI uri, LongFunction<HttpResponse<InputStream>> opening, Backoff backoff) {
        return new ResumingBlob(uri, opening, backoff);
    }

    /// @throws RegistryClientException if it broke off too often, or does not go on
    @Override
    public int read(byte[] buffer, int from, int length) {
        while (true) {
            try {
                int read = body.read(buffer, from, length);
                if (read < 0 && offset < size) {
                    throw new EOFException("ends after " + offset + " bytes of " + size);
                }
                offset += Math.max(read, 0);
                return read;
            } catch (IOException e) {
                resume(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }

    private void resume(IOException cause) {
        IOException last = cause;
        do {
            prepare(last);
            HttpResponse<InputStream> response = opening.apply(offset);
            body = response.body();
            try {
                if (response.statusCode() == 206) {
                    checkRange(response);
                } else {
                    body.skipNBytes(offset);
                }
                return;
            } catch (IOException e) {
                last = e;
            }
        } while (true);
    }

    private void prepare(IOException cause) {
        if (offset - failedAt >= PROGRESS_BYTES) {
            failed = 0;
        }
        failed++;
        failedAt = offset;
        RegistryClientException.Unavailable failure = RegistryClientException.Unavailable.brokeOff(uri, offset, cause);
        if (Thread.currentThread().isInterrupted() || !backoff.pause(failed, failure)) {
            throw failure;
        }
        try {
            body.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void checkRange(HttpResponse<InputStream> response) {
        String range = response.headers().firstValue("Content-Range").orElse("");
        Matcher matcher = CONTENT_RANGE.matcher(range);
        boolean goesOn = matcher.matches() && Long.parseLong(matcher.group(1)) == offset;
        boolean toTheEnd = goesOn
                && (matcher.group(3).equals("*")
                        || Long.parseLong(matcher.group(2)) + 1 == Long.parseLong(matcher.group(3)));
        boolean sameSize = toTheEnd
                && (size == UNKNOWN || matcher.group(3).equals("*") || Long.parseLong(matcher.group(3)) == size);
        if (!sameSize) {
            throw new RegistryClientException.BadAnswer(
                    uri,
                    "Content-Range " + range.substring(0, Math.min(range.length(), 80)) + " (expected: bytes " + offset
                            + "- to the end" + (size == UNKNOWN ? "" : " of " + size) + ")");
        }
    }
}
