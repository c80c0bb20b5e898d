// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Sends a file as chunks, no faster than the receiver takes them: at most what the transport has asked for is in
/// memory. Made on the call's own thread; [#send] runs on another.
final class BlobStream {
    private static final int CHUNK_BYTES = 256 << 10;

    private final ServerCallStreamObserver<GetBlobResponse> answer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    BlobStream(ServerCallStreamObserver<GetBlobResponse> answer) {
        this.answer = answer;
        answer.setOnReadyHandler(this::wake);
        answer.setOnCancelHandler(this::wake);
    }

    /// Sends all from the offset on, closes the file and ends the call; returns early if the receiver has gone.
    ///
    /// @throws StatusException if the offset is beyond the end
    void send(FileChannel file, long offset) throws IOException, StatusException {
        try (FileChannel blob = file) {
            long size = blob.size();
            if (offset < 0 || offset > size) {
                throw Status.OUT_OF_RANGE
                        .withDescription("offset: " + offset + " (expected: 0-" + size + ")")
                        .asException();
            }
            blob.position(offset);
            while (awaitReady() && blob.position() < size) {
                answer.onNext(GetBlobResponse.newBuilder()
                        .setChunk(UnsafeByteOperations.unsafeWrap(chunk(blob, size)))
                        .build());
            }
        }
        if (!answer.isCancelled()) {
            answer.onCompleted();
        }
    }

    private static ByteBuffer chunk(FileChannel blob, long size) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, size - blob.position()));
        while (chunk.hasRemaining()) {
            if (blob.read(chunk) < 0) {
                throw new IOException("blob: shorter than it was");
            }
        }
        return chunk.flip();
    }

    /// Waits until the transport takes more.
    ///
    /// @return false if the receiver has gone, or this service is closing
    private boolean awaitReady() {
        lock.lock();
        try {
            while (!answer.isReady() && !answer.isCancelled()) {
                changed.await();
            }
            return !answer.isCancelled();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.UNAVAILABLE.withDescription("image service: closing").asRuntimeException();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
