// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realmesh.proto.image.v1.GetBlobResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A blob on its way when the service closes, which interrupts who sends it: the receiver is told to ask another one.
class BlobStreamTest {
    @TempDir
    Path folder;

    @Test
    void closingWhileTheFileIsReadIsNoFaultOfTheBlob() throws IOException {
        Path blob = Files.write(folder.resolve("blob"), new byte[1 << 20]);
        Receiver receiver = new Receiver();
        BlobStream stream = new BlobStream(receiver);

        Thread.currentThread().interrupt();
        Throwable end = catchThrowable(() -> stream.send(FileChannel.open(blob), 0));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Status.fromThrowable(end).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end).hasMessageContaining("closing");
        assertThat(receiver.chunks).isEmpty();
    }

    /// Takes whatever comes.
    private static final class Receiver extends ServerCallStreamObserver<GetBlobResponse> {
        private final List<GetBlobResponse> chunks = new ArrayList<>();

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onNext(GetBlobResponse chunk) {
            chunks.add(chunk);
        }

        @Override
        public void onError(Throwable problem) {}

        @Override
        public void onCompleted() {}

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
