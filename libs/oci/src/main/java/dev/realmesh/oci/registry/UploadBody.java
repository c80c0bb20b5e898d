// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Content on its way to a registry: says how much of it was sent, and why it could not be read, which the HTTP client
/// hides behind failures of its own.
final class UploadBody extends BulkInputStream {
    private final InputStream content;
    private final long size;
    private final AtomicLong sent = new AtomicLong();
    private volatile Optional<Throwable> failure = Optional.empty();

    UploadBody(InputStream content, long size) {
        this.content = content;
        this.size = size;
    }

    /// To be sent once.
    HttpRequest.BodyPublisher publisher() {
        return size == 0
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofInputStream(() -> this), size);
    }

    /// Bytes until now.
    long sent() {
        return sent.get();
    }

    /// Ends with why the content could not be read, if that is so.
    void throwFailure() throws IOException {
        if (failure.isPresent()) {
            switch (failure.get()) {
                case RuntimeException refused -> throw refused;
                case IOException broken -> throw broken;
                default -> throw new IllegalStateException(failure.get());
            }
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int read = content.read(buffer, offset, length);
            sent.addAndGet(Math.max(read, 0));
            return read;
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        } catch (RuntimeException e) {
            failure = Optional.of(e);
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
