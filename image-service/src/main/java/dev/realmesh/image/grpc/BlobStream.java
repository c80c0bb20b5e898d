// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.realmesh.mesh.AnswerStream;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/// Sends a file as chunks, no faster than the receiver takes them: at most what the transport has asked for is in
/// memory. Made on the call's own thread; [#send] runs on another.
final class BlobStream {
    private static final int CHUNK_BYTES = 256 << 10;

    private final AnswerStream<GetBlobResponse> answers;

    BlobStream(ServerCallStreamObserver<GetBlobResponse> call) {
        this.answers = new AnswerStream<>(call);
    }

    /// Sends all from the offset on, closes the file and ends the call; returns early if the receiver has gone.
    ///
    /// @throws StatusException if the offset is beyond the end, or this service is closing
    void send(FileChannel file, long offset) throws IOException, StatusException {
        try (FileChannel blob = file) {
            long size = blob.size();
            if (offset < 0 || offset > size) {
                throw Status.OUT_OF_RANGE
                        .withDescription("offset: " + offset + " (expected: 0-" + size + ")")
                        .asException();
            }
            blob.position(offset);
            while (answers.awaitReady() && blob.position() < size) {
                answers.send(GetBlobResponse.newBuilder()
                        .setChunk(UnsafeByteOperations.unsafeWrap(chunk(blob, size)))
                        .build());
            }
        } catch (ClosedByInterruptException e) {
            throw ImageGrpc.CLOSING.asException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ImageGrpc.CLOSING.asException();
        }
        answers.completed();
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
}
