// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// A blob on its way, chunk by chunk, no faster than it is read. Closing it ends the call.
final class BlobInputStream extends InputStream {
    private static final int MAX_CHUNK_BYTES = 256 * 1024;

    private final String digest;
    private final CancellableContext call;
    private final Iterator<GetBlobResponse> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    private BlobInputStream(String digest, CancellableContext call, Iterator<GetBlobResponse> chunks) {
        this.digest = digest;
        this.call = call;
        this.chunks = chunks;
    }

    static BlobInputStream open(ImageServiceBlockingStub stub, GetBlobRequest request) throws IOException {
        CancellableContext call = Context.current().withCancellation();
        try {
            return new BlobInputStream(
                    request.getDigest(),
                    call,
                    call.wrap(() -> stub.getBlob(request)).call());
        } catch (Exception e) {
            call.cancel(e);
            throw new IOException("image-service, blob " + request.getDigest() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public int read() throws IOException {
        return hasBytes() ? chunk.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasBytes()) {
            return -1;
        }
        int count = Math.min(length, chunk.remaining());
        chunk.get(buffer, offset, count);
        return count;
    }

    @Override
    public void close() {
        call.cancel(null);
    }

    private boolean hasBytes() throws IOException {
        try {
            while (!chunk.hasRemaining()) {
                if (!chunks.hasNext()) {
                    return false;
                }
                chunk = chunks.next().getChunk().asReadOnlyByteBuffer();
                if (!chunk.hasRemaining() || chunk.remaining() > MAX_CHUNK_BYTES) {
                    throw new IOException("image-service, blob " + digest + ": chunk of " + chunk.remaining()
                            + " bytes (expected: 1-" + MAX_CHUNK_BYTES + ")");
                }
            }
            return true;
        } catch (StatusRuntimeException e) {
            throw new IOException("image-service, blob " + digest + ": " + Calls.description(e), e);
        }
    }
}
