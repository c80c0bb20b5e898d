// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.realmesh.mesh.forward.RealmMetadata;
import dev.realmesh.proto.image.v1.ConnectRequest;
import dev.realmesh.proto.image.v1.ConnectResponse;
import dev.realmesh.proto.image.v1.ConnectTarget;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `ImageService/Connect`: a Realm's way to hosts that the operator has named, and nowhere else.
@Timeout(60)
class ConnectTest {
    @TempDir
    Path folder;

    private ServerSocket host;
    private ImageServiceUnderTest service;

    @BeforeEach
    void start() throws IOException {
        host = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        service = new ImageServiceUnderTest(
                ImageServiceConfig.local(
                        folder.resolve("store"),
                        Map.of("connect-hosts", "127.0.0.1:%1$d,*.test:%1$d".formatted(host.getLocalPort()))),
                InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        host.close();
    }

    @Test
    void bytesGoBothWaysUntilTheHostEnds() throws Exception {
        byte[] sent = bytes(1, 3 << 20);
        byte[] answered = bytes(2, 5 << 20);
        CompletableFuture<byte[]> received = serve(connection -> {
            connection.getOutputStream().write(answered);
            byte[] all = connection.getInputStream().readAllBytes();
            connection.getOutputStream().write(7);
            return all;
        });
        BlockingClientCall<ConnectRequest, ConnectResponse> call = connect("realm-1", "127.0.0.1");

        assertThat(call.read().hasConnected()).isTrue();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(call, sent));
        ByteArrayOutputStream come = new ByteArrayOutputStream();
        ConnectResponse next = call.read();
        while (next != null) {
            assertThat(next.getData().size()).isBetween(1, 64 << 10);
            next.getData().writeTo(come);
            next = call.read();
        }

        writing.get(10, TimeUnit.SECONDS);
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        assertThat(come.toByteArray()).startsWith(answered).hasSize(answered.length + 1);
    }

    /// A Realm that does not read is waited for: what the host sends stays with the host.
    @Test
    void hostSendsNoFasterThanTheRealmReads() throws Exception {
        CompletableFuture<Long> written = new CompletableFuture<>();
        serve(connection -> {
            connection.setSoTimeout(20_000);
            byte[] piece = bytes(3, 1 << 20);
            long all = 0;
            try {
                while (all < 1L << 30) {
                    connection.getOutputStream().write(piece);
                    all += piece.length;
                }
            } catch (IOException e) {
                // The other end has gone.
            }
            written.complete(all);
            return new byte[0];
        });
        BlockingClientCall<ConnectRequest, ConnectResponse> call = connect("realm-1", "127.0.0.1");
        for (int read = 0; read < 10; read++) {
            assertThat(call.read()).isNotNull();
        }

        call.cancel("enough", null);

        assertThat(written.get(30, TimeUnit.SECONDS)).isLessThan(64L << 20);
    }

    @Test
    void operatorsSilenceIsANo() throws Exception {
        assertThat(refusal(Status.Code.PERMISSION_DENIED, "realm-1", "localhost"))
                .contains("connect: localhost:", "(expected: a host that image-service's connect-hosts names)");
    }

    @Test
    void onlyRealmsAreConnected() throws Exception {
        BlockingClientCall<ConnectRequest, ConnectResponse> call =
                ImageServiceGrpc.newBlockingV2Stub(service.channel()).connect();

        Status status = status(call);

        assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(status.getDescription()).contains("the caller is no Realm");
    }

    @Test
    void whatIsNoTargetIsRefused() throws Exception {
        for (String name : List.of("", "a b", "-a.test", "a..test", "x".repeat(64) + ".test", "[::1")) {
            assertThat(refusal(Status.Code.INVALID_ARGUMENT, "realm-1", name)).contains("connect: host (expected: ");
        }
        BlockingClientCall<ConnectRequest, ConnectResponse> call =
                calls("realm-1").connect();
        call.write(data(new byte[1]));
        assertThat(status(call).getDescription()).contains("first message (expected: a target)");
    }

    @Test
    void dataIsBounded() throws Exception {
        serve(connection -> connection.getInputStream().readAllBytes());
        BlockingClientCall<ConnectRequest, ConnectResponse> call = connect("realm-1", "127.0.0.1");
        assertThat(call.read().hasConnected()).isTrue();
        call.write(data(new byte[(64 << 10) + 1]));

        assertThat(status(call).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void hostThatIsNotThereIsUnavailable() throws Exception {
        host.close();

        assertThat(refusal(Status.Code.UNAVAILABLE, "realm-1", "127.0.0.1")).contains("is not reached");
    }

    @Test
    void aRealmHasSixteenConnectionsAndThoseThatEndAreFreeAgain() throws Exception {
        List<BlockingClientCall<ConnectRequest, ConnectResponse>> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            BlockingClientCall<ConnectRequest, ConnectResponse> call = connect("realm-1", "127.0.0.1");
            assertThat(call.read().hasConnected()).isTrue();
            calls.add(call);
        }

        assertThat(refusal(Status.Code.RESOURCE_EXHAUSTED, "realm-1", "127.0.0.1"))
                .contains("too many connections of this Realm (expected: at most 16 at a time)");
        BlockingClientCall<ConnectRequest, ConnectResponse> other = connect("realm-2", "127.0.0.1");
        assertThat(other.read().hasConnected()).isTrue();

        host.accept().close();
        assertThat(status(calls.getFirst()).getCode()).isIn(Status.Code.OK, Status.Code.UNAVAILABLE);
        BlockingClientCall<ConnectRequest, ConnectResponse> next = connect("realm-1", "127.0.0.1");
        assertThat(next.read().hasConnected()).isTrue();
        calls.forEach(call -> call.cancel("done", null));
    }

    private String refusal(Status.Code code, String realm, String name) throws Exception {
        Status status = status(connect(realm, name));
        assertThat(status.getCode()).as(String.valueOf(status)).isEqualTo(code);
        return String.valueOf(status.getDescription());
    }

    private BlockingClientCall<ConnectRequest, ConnectResponse> connect(String realm, String name) throws Exception {
        BlockingClientCall<ConnectRequest, ConnectResponse> call = calls(realm).connect();
        call.write(target(name));
        return call;
    }

    private ConnectRequest target(String name) {
        return ConnectRequest.newBuilder()
                .setTarget(ConnectTarget.newBuilder().setHost(name).setPort(host.getLocalPort()))
                .build();
    }

    /// As a host marks its Realms' calls.
    private ImageServiceGrpc.ImageServiceBlockingV2Stub calls(String realm) {
        Metadata marked = new Metadata();
        marked.put(RealmMetadata.REALM_ID, realm);
        Channel channel =
                ClientInterceptors.intercept(service.channel(), MetadataUtils.newAttachHeadersInterceptor(marked));
        return ImageServiceGrpc.newBlockingV2Stub(channel);
    }

    /// What a call ends with.
    private static Status status(BlockingClientCall<ConnectRequest, ConnectResponse> call) throws Exception {
        StatusException end = catchThrowableOfType(StatusException.class, () -> {
            while (call.read() != null) {
                // Until its end.
            }
        });
        return end == null ? Status.OK : end.getStatus();
    }

    private static void write(BlockingClientCall<ConnectRequest, ConnectResponse> call, byte[] content) {
        try {
            for (int at = 0; at < content.length; at += 50_000) {
                byte[] piece = new byte[Math.min(50_000, content.length - at)];
                System.arraycopy(content, at, piece, 0, piece.length);
                call.write(data(piece));
            }
            call.halfClose();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConnectRequest data(byte[] bytes) {
        return ConnectRequest.newBuilder().setData(ByteString.copyFrom(bytes)).build();
    }

    /// Answers one connection.
    private CompletableFuture<byte[]> serve(Peer peer) {
        CompletableFuture<byte[]> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Socket connection = host.accept()) {
                done.complete(peer.talk(connection));
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private interface Peer {
        byte[] talk(Socket connection) throws IOException;
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
