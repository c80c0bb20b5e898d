// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import dev.realmesh.realm.image.ImageException;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// A blob on its way, chunk by chunk, no faster than it is read. Where an instance of the service goes away in the
/// middle, or the host ends a call that it finds too long, another one goes on. Closing it ends the call.
final class BlobInputStream extends BulkInputStream {
    private static final int MAX_CHUNK_BYTES = 256 * 1024;

    /// How often a call may have ended by its host's limit, which may be shorter than the blob takes.
    private static final int MAX_CUTS = 10;

    private final ImageServiceBlockingStub stub;
    private final GetBlobRequest request;
    private final Calls calls;
    private final CancellableContext context = Context.current().withCancellation();
    private Iterator<GetBlobResponse> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private long come;
    private int failed;
    private int cuts;

    /// @param stub has a deadline for all of it
    BlobInputStream(ImageServiceBlockingStub stub, GetBlobRequest request, Calls calls) {
        this.stub = stub;
        this.request = request;
        this.calls = calls;
        this.chunks = chunks();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!chunk.hasRemaining()) {
            if (!advanced()) {
                return -1;
            }
        }
        int count = Math.min(length, chunk.remaining());
        chunk.get(buffer, offset, count);
        return count;
    }

    @Override
    public void close() {
        context.cancel(null);
    }

    /// Whether there is a next chunk; or, after a failure, may be.
    private boolean advanced() throws IOException {
        try {
            if (!chunks.hasNext()) {
                return false;
            }
            chunk = chunks.next().getChunk().asReadOnlyByteBuffer();
            if (!chunk.hasRemaining() || chunk.remaining() > MAX_CHUNK_BYTES) {
                throw new IOException("image-service, blob " + request.getDigest() + ": chunk of " + chunk.remaining()
                        + " bytes (expected: 1-" + MAX_CHUNK_BYTES + ")");
            }
            come += chunk.remaining();
            failed = 0;
        } catch (StatusRuntimeException e) {
            if (!again(e)) {
                throw failure(e);
            }
            chunks = chunks();
        }
        return true;
    }

    private boolean again(StatusRuntimeException e) {
        Deadline all = stub.getCallOptions().getDeadline();
        if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED && all != null && !all.isExpired()) {
            cuts++;
            return cuts <= MAX_CUTS;
        }
        failed++;
        return calls.again(failed, e);
    }

    private IOException failure(StatusRuntimeException e) {
        String problem = "image-service, blob " + request.getDigest() + ": " + Calls.description(e);
        if (e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            throw new ImageException.NoRoom(problem, e);
        }
        return new IOException(problem, e);
    }

    /// Those that have not come.
    private Iterator<GetBlobResponse> chunks() {
        GetBlobRequest rest = request.toBuilder().setOffset(come).build();
        Context outer = context.attach();
        try {
            return stub.getBlob(rest);
        } finally {
            context.detach(outer);
        }
    }
}
