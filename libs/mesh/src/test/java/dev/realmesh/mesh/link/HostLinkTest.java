// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.realmesh.mesh.forward.RealmMetadata;
import dev.realmesh.mesh.frame.Frame;
import dev.realmesh.mesh.frame.MetadataBlock;
import dev.realmesh.mesh.frame.Packet;
import dev.realmesh.mesh.frame.Settings;
import dev.realmesh.mesh.transport.SessionConfig;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.TestServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a guest can and cannot do to its host over the guarded link.
@Timeout(30)
class HostLinkTest {
    private static final String SERVICE = "grpc.testing.TestService";

    @TempDir
    Path directory;

    private final Echo bus = new Echo();
    private final Echo agent = new Echo();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ManagedChannel toBus;
    private Path socket;

    @BeforeEach
    void startBus() throws IOException {
        socket = directory.resolve("link.sock");
        String name = InProcessServerBuilder.generateName();
        Server server = InProcessServerBuilder.forName(name)
                .addService(ServerInterceptors.intercept(bus, bus))
                .build()
                .start();
        toBus = InProcessChannelBuilder.forName(name).build();
        open.add(toBus::shutdownNow);
        open.add(server::shutdownNow);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void carriesCallsBothWays() {
        HostLink host = host(LinkLimits.standard());
        GuestLink guest = guest();
        guest.serve(agent);
        ByteString body = ByteString.copyFrom(new byte[1 << 20]);
        assertThat(echo(TestServiceGrpc.newBlockingStub(guest.channel()), body)).isEqualTo(body);
        assertThat(echo(TestServiceGrpc.newBlockingStub(host.agent()), body)).isEqualTo(body);
    }

    @Test
    void saysWhichRealmCallsWhateverTheGuestSays() {
        host(LinkLimits.standard());
        Metadata forged = new Metadata();
        forged.put(RealmMetadata.REALM_ID, "another");
        forged.put(Metadata.Key.of("realmesh-role", Metadata.ASCII_STRING_MARSHALLER), "admin");
        forged.put(Metadata.Key.of("x-note", Metadata.ASCII_STRING_MARSHALLER), "kept");
        echo(
                TestServiceGrpc.newBlockingStub(guest().channel())
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(forged)),
                ByteString.EMPTY);
        assertThat(bus.headers().getAll(RealmMetadata.REALM_ID)).containsExactly("realm-7");
        assertThat(bus.headers().keys()).contains("x-note").doesNotContain("realmesh-role");
    }

    @Test
    void refusesMethodsOffTheList() {
        HostLink host = listen(AllowList.of(SERVICE + "/EmptyCall", "other.Service"), LinkLimits.standard());
        GuestLink guest = guest();
        assertThatRefused(() -> echo(TestServiceGrpc.newBlockingStub(guest.channel()), ByteString.EMPTY))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(bus.calls()).isZero();
        assertThat(host.connected()).isCompleted();
    }

    @Test
    void refusesCallsOverTheRate() {
        LinkLimits standard = LinkLimits.standard();
        host(new LinkLimits(standard.session(), standard.maxCall(), 1, 20_000, 1 << 20));
        TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(guest().channel());
        echo(stub, ByteString.EMPTY);
        assertThatRefused(() -> echo(stub, ByteString.EMPTY)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(bus.calls()).isEqualTo(1);
    }

    @Test
    void refusesMessagesOverTheLimit() {
        host(LinkLimits.standard());
        TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(guest().channel());
        assertThatRefused(() -> echo(stub, ByteString.copyFrom(new byte[5 << 20])))
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(echo(stub, ByteString.EMPTY)).isEqualTo(ByteString.EMPTY);
        assertThat(bus.calls()).isEqualTo(1);
    }

    @Test
    void endsCallsAtTheLongestTime() {
        LinkLimits standard = LinkLimits.standard();
        host(new LinkLimits(standard.session(), Duration.ofMillis(100), 100, 20_000, 1 << 20));
        TestServiceGrpc.TestServiceBlockingStub stub =
                TestServiceGrpc.newBlockingStub(guest().channel()).withDeadlineAfter(1, TimeUnit.HOURS);
        bus.hold();
        assertThatRefused(() -> echo(stub, ByteString.EMPTY)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void endsAllCallsWhenTheGuestDies() throws Exception {
        HostLink host = host(LinkLimits.standard());
        GuestLink guest = guest();
        guest.serve(agent);
        bus.hold();
        agent.hold();
        Future<?> outbound =
                TestServiceGrpc.newFutureStub(guest.channel()).unaryCall(SimpleRequest.getDefaultInstance());
        Future<?> inbound = TestServiceGrpc.newFutureStub(host.agent()).unaryCall(SimpleRequest.getDefaultInstance());
        bus.awaitHeld();
        agent.awaitHeld();
        guest.close();
        assertThat(code(inbound)).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(code(outbound)).isEqualTo(Status.Code.UNAVAILABLE);
        bus.awaitCancelled();
        assertThatRefused(() -> echo(TestServiceGrpc.newBlockingStub(host.agent()), ByteString.EMPTY))
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void endsAllCallsWhenTheHostEndsTheLink() throws Exception {
        HostLink host = host(LinkLimits.standard());
        GuestLink guest = guest();
        bus.hold();
        Future<?> outbound =
                TestServiceGrpc.newFutureStub(guest.channel()).unaryCall(SimpleRequest.getDefaultInstance());
        bus.awaitHeld();
        host.close();
        assertThat(code(outbound)).isEqualTo(Status.Code.UNAVAILABLE);
        bus.awaitCancelled();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7fffffff",
                "ffffffff",
                "00000000",
                "000a0002",
                "00000001 05",
                "00000010 00 000000000000000000000000000000",
                "00000017 00 0000000000000000 00000001 0b00 00000000 00000000",
                "00000017 00 0000000000000000 00000001 0400 00000001 00000000",
                "00000017 01 0000000000000000 00000001 0900 00000000 00000000",
            })
    void endsTheLinkOnBytesThatBreakTheProtocol(String bytes) throws IOException {
        HostLink host = host(LinkLimits.standard());
        try (RawGuest guest = new RawGuest(socket)) {
            guest.write(bytes);
            guest.awaitEnd();
        }
        assertThatRefused(() -> echo(TestServiceGrpc.newBlockingStub(host.agent()), ByteString.EMPTY))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(bus.calls()).isZero();
    }

    @Test
    void endsTheLinkOnDataOverTheWindow() throws IOException {
        host(LinkLimits.standard());
        bus.hold();
        try (RawGuest guest = new RawGuest(socket)) {
            guest.connect();
            guest.send(new Frame.Headers(1, SERVICE + "/FullDuplexCall", "x", MetadataBlock.EMPTY));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                while (true) {
                    guest.sendData(1, 64 << 10);
                }
            });
        }
    }

    @Test
    void endsTheLinkOnNumbersThatDoNotFollow() throws IOException {
        host(LinkLimits.standard());
        try (RawGuest guest = new RawGuest(socket)) {
            guest.connect();
            guest.send(new Packet(5, List.of(new Frame.Ping(false, 1))));
            guest.awaitEnd();
        }
    }

    @Test
    void refusesStreamsOverTheLimit() throws IOException {
        host(LinkLimits.standard());
        bus.hold();
        try (RawGuest guest = new RawGuest(socket)) {
            guest.connect();
            for (int stream = 1; stream <= 65; stream++) {
                guest.send(new Frame.Headers(stream, SERVICE + "/FullDuplexCall", "x", MetadataBlock.EMPTY));
            }
            assertThat(guest.await(Frame.Reset.class))
                    .satisfies(reset -> assertThat(reset.stream()).isEqualTo(65))
                    .satisfies(reset -> assertThat(reset.refused()).isTrue());
        }
    }

    @Test
    void endsTheLinkOfGuestThatFallsSilent() throws IOException {
        LinkLimits standard = LinkLimits.standard();
        SessionConfig session =
                new SessionConfig(Settings.ofMesh(), 4 << 20, Duration.ofMillis(50), Duration.ofMillis(50));
        host(new LinkLimits(session, standard.maxCall(), 100, 20_000, 1 << 20));
        try (RawGuest guest = new RawGuest(socket)) {
            guest.connect();
            guest.awaitEnd();
        }
    }

    @Test
    void endsTheLinkOfGuestThatDoesNotRead() throws IOException {
        LinkLimits standard = LinkLimits.standard();
        HostLink host = host(new LinkLimits(standard.session(), standard.maxCall(), 100, 1 << 30, 64 << 10));
        try (RawGuest guest = new RawGuest(socket)) {
            guest.connect();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                while (true) {
                    guest.send(new Frame.Ping(false, 1));
                }
            });
        }
        assertThat(host.connected()).isCompleted();
    }

    @Test
    void takesOneGuestOnly() throws Exception {
        HostLink host = host(LinkLimits.standard());
        guest();
        host.connected().get(5, TimeUnit.SECONDS);
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> {
            while (true) {
                GuestLink.connect(socket).close();
            }
        });
    }

    private HostLink host(LinkLimits limits) {
        return listen(AllowList.of(SERVICE), limits);
    }

    private HostLink listen(AllowList allowed, LinkLimits limits) {
        HostLink host = HostLink.listen(socket, allowed, service -> toBus, new HostLink.Guest("realm-7", limits));
        open.addFirst(host);
        return host;
    }

    private GuestLink guest() {
        GuestLink guest = GuestLink.connect(socket);
        open.addFirst(guest);
        return guest;
    }

    private static ByteString echo(TestServiceGrpc.TestServiceBlockingStub stub, ByteString body) {
        SimpleRequest request = SimpleRequest.newBuilder()
                .setPayload(Payload.newBuilder().setBody(body))
                .build();
        return stub.unaryCall(request).getPayload().getBody();
    }

    private static ObjectAssert<Status.Code> assertThatRefused(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return assertThat(e.getStatus().getCode())
                    .describedAs(e.getMessage())
                    .asInstanceOf(InstanceOfAssertFactories.type(Status.Code.class));
        }
        throw new AssertionError("the call was not refused");
    }

    private static Status.Code code(Future<?> call) throws Exception {
        try {
            call.get(10, TimeUnit.SECONDS);
            return Status.Code.OK;
        } catch (ExecutionException e) {
            return Status.fromThrowable(e.getCause()).getCode();
        }
    }
}
