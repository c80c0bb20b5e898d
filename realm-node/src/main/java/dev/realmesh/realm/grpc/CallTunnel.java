// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.proto.image.v1.ConnectRequest;
import dev.realmesh.proto.image.v1.ConnectResponse;
import dev.realmesh.realm.tunnel.Tunnel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A tunnel that is open. Each direction goes no faster than its other end reads.
final class CallTunnel implements Tunnel {
    private static final int MAX_BYTES = 64 << 10;

    private final BlockingClientCall<ConnectRequest, ConnectResponse> call;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();

    CallTunnel(BlockingClientCall<ConnectRequest, ConnectResponse> call) {
        this.call = call;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() {
        call.cancel("closed", null);
    }

    private static IOException brokeOff(StatusException e) {
        return new IOException("tunnel: " + Calls.description(e.getStatus()), e);
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("tunnel: interrupted");
    }

    private final class Input extends BulkInputStream {
        private ByteBuffer data = ByteBuffer.allocate(0);

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!data.hasRemaining()) {
                ConnectResponse next = next();
                if (next == null) {
                    return -1;
                }
                data = next.getData().asReadOnlyByteBuffer();
                if (!data.hasRemaining() || data.remaining() > MAX_BYTES) {
                    throw new IOException(
                            "tunnel: data of " + data.remaining() + " bytes (expected: 1-" + MAX_BYTES + ")");
                }
            }
            int count = Math.min(length, data.remaining());
            data.get(buffer, offset, count);
            return count;
        }

        private @Nullable ConnectResponse next() throws IOException {
            try {
                return call.read();
            } catch (StatusException e) {
                throw brokeOff(e);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int count = Math.min(MAX_BYTES, length - done);
                ByteString data = ByteString.copyFrom(bytes, offset + done, count);
                send(ConnectRequest.newBuilder().setData(data).build());
                done += count;
            }
        }

        private void send(ConnectRequest message) throws IOException {
            try {
                if (!call.write(message)) {
                    throw new IOException("tunnel: the host has ended it");
                }
            } catch (StatusException e) {
                throw brokeOff(e);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }
}
