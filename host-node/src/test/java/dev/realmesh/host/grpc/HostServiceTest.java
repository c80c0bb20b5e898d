// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.Bytes;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.GuestImages;
import dev.realmesh.host.launch.InitdataDisk;
import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.LaunchException.AgentFailed;
import dev.realmesh.host.launch.LaunchWorkload;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import dev.realmesh.host.machine.guest.GuestKernel;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.firmware.GuestFirmware;
import dev.realmesh.host.vmm.BootedMachine;
import dev.realmesh.host.vmm.RealmHost;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.proto.host.v1.DescribeMachineRequest;
import dev.realmesh.proto.host.v1.DescribeMachineResponse;
import dev.realmesh.proto.host.v1.DescribeRealmRequest;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.LaunchRealmRequest;
import dev.realmesh.proto.host.v1.LaunchRealmResponse;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.MemoryRegion;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmDescription;
import dev.realmesh.proto.host.v1.RealmLaunched;
import dev.realmesh.proto.host.v1.RecDescription;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.RunContainerResponse.EventCase;
import dev.realmesh.proto.host.v1.WatchRealmRequest;
import dev.realmesh.proto.host.v1.WatchRealmResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HostService from the wire to Realms and back, with agents that do as the test says: however a run ends, the client
/// gets
/// one clear status and nothing is left.
@Timeout(60)
class HostServiceTest {
    private static final byte[] INITDATA =
            Initdata.of(Initdata.Algorithm.SHA512, Map.of("realmesh.toml", "")).toBytes();
    private static final ScriptedLink.Script RUNS = (spec, events, link) -> {
        events.accept(new RunEvent.StepFinished("attest", Duration.ofMillis(5), "fine"));
        events.accept(new RunEvent.Attested("result-1"));
        events.accept(new RunEvent.Output(Bytes.copyOf(new byte[] {'h', 'i'})));
        events.accept(new RunEvent.ErrorOutput(Bytes.copyOf(new byte[] {'!'})));
        events.accept(new RunEvent.Exited(7));
    };

    @TempDir
    private Path folder;

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ScriptedLink.Script agent = RUNS;
    private Path memory = Path.of("");

    /// A guest that lives until it is interrupted or dies; one at a time.
    private final class Guest implements RealmProcessor {
        @Override
        public Trap run(Resumption resumption) {
            try {
                return signals.take() == Signal.DIE
                        ? new Trap.Ended()
                        : new Trap.Interrupt(resumption.registers(), Trap.Interrupt.Kind.IRQ);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Trap.Ended();
            }
        }

        @Override
        public void interrupt() {
            signals.add(Signal.INTERRUPT);
        }

        @Override
        public void close() {
            signals.clear();
        }
    }

    private enum Signal {
        INTERRUPT,
        DIE
    }

    @BeforeEach
    void makeImage() throws IOException {
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "host-");
        writeImage("usual", "/init");
        writeImage("other", "/other");
    }

    private void writeImage(String name, String program) throws IOException {
        Path image = Files.createDirectory(folder.resolve(name));
        Files.write(image.resolve("kernel"), new GuestKernel(List.of(program), Map.of()).bytes());
        Files.write(image.resolve("initrd"), new byte[10_000]);
        Files.write(image.resolve("firmware"), GuestFirmware.ofQemu().bytes());
    }

    private byte[] rimOf(String image) {
        return OfflineMeasurement.of(BootSource.parse(folder.resolve(image).toString())
                        .plan(RealmShape.DEFAULT)
                        .plan())
                .toByteArray();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        MemoryFolders.delete(memory);
    }

    @Test
    void tellsWhatHappensInOrder() throws IOException {
        Fixture fixture = new Fixture(2);

        List<RunContainerResponse> events = fixture.run(request().build());

        assertThat(events)
                .extracting(RunContainerResponse::getEventCase)
                .containsExactly(
                        EventCase.LAUNCHED,
                        EventCase.STEP,
                        EventCase.STEP,
                        EventCase.STEP,
                        EventCase.ATTESTED,
                        EventCase.STDOUT,
                        EventCase.STDERR,
                        EventCase.EXITED);
        assertThat(events.getFirst().getLaunched().getRealmId()).matches("realm-[a-z2-7]{8}");
        assertThat(events.getFirst().getLaunched().getRim().toByteArray()).isEqualTo(rimOf("usual"));
        assertThat(events.get(3).getStep().getElapsed().getNanos()).isEqualTo(5_000_000);
        assertThat(events.getLast().getExited().getExitCode()).isEqualTo(7);
        fixture.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "other@kvmtool", "other@cloud-hv", "other@qemu-firmware"})
    void bootsTheGuestImageThatIsAskedFor(String image) throws IOException {
        Fixture fixture = new Fixture(1);

        List<RunContainerResponse> events =
                fixture.run(request().setGuestImage(image).build());

        assertThat(events.getFirst().getLaunched().getRim().toByteArray())
                .isEqualTo(rimOf(image))
                .isNotEqualTo(rimOf("usual"));
        fixture.assertNothingLeft();
    }

    @Test
    void realmThatIsKeptStaysWhenItsCallHasEnded() throws IOException {
        Fixture fixture = new Fixture(1);

        List<LaunchRealmResponse> events = new ArrayList<>();
        fixture.stub.launchRealm(launch().setKeep(true).build()).forEachRemaining(events::add);

        assertThat(events)
                .extracting(LaunchRealmResponse::getEventCase)
                .containsExactly(
                        LaunchRealmResponse.EventCase.LAUNCHED,
                        LaunchRealmResponse.EventCase.STEP,
                        LaunchRealmResponse.EventCase.STEP,
                        LaunchRealmResponse.EventCase.READY);
        String realm = events.getFirst().getLaunched().getRealmId();
        assertThat(fixture.list())
                .extracting(Realm::getRealmId, Realm::getState)
                .containsExactly(tuple(realm, "ACTIVE"));
        fixture.remove(realm);
        fixture.assertNothingLeft();
    }

    @Test
    void realmThatIsNotKeptGoesWithItsCall() throws Exception {
        Fixture fixture = new Fixture(1);
        Context.CancellableContext call = Context.current().withCancellation();
        Iterator<LaunchRealmResponse> events =
                call.wrap(() -> fixture.stub.launchRealm(launch().build())).call();
        while (!events.next().hasReady()) {
            assertThat(events).hasNext();
        }
        assertThat(fixture.list()).hasSize(1);

        call.cancel(null);

        fixture.assertNothingLeft();
    }

    @Test
    void launchThatCannotBeDoneIsRefused() throws IOException {
        Fixture fixture = new Fixture(1);

        assertThatThrownBy(() ->
                        fixture.stub.launchRealm(launch().setImage("").build()).forEachRemaining(event -> {}))
                .hasMessageContaining("INVALID_ARGUMENT: image: 0 characters");
        fixture.assertNothingLeft();
    }

    private static LaunchRealmRequest.Builder launch() {
        return LaunchRealmRequest.newBuilder().setImage("app:1").setInitdata(ByteString.copyFrom(INITDATA));
    }

    @Test
    void saysWhichGuestImagesThereAre() throws IOException {
        new Fixture(1)
                .assertFails(
                        request().setGuestImage("none").build(),
                        Status.Code.INVALID_ARGUMENT,
                        "guest-image: none (expected: other, other@cloud-hv, other@kvmtool, other@qemu-firmware, usual)");
    }

    @Test
    void passesTheAgentsRefusalOn() throws IOException {
        agent = (spec, events, link) -> {
            throw new AgentFailed(AgentFailed.Reason.REFUSED, "key-broker: policy says no");
        };
        Fixture fixture = new Fixture(2);

        fixture.assertFails(request().build(), Status.Code.FAILED_PRECONDITION, "key-broker: policy says no");
    }

    @Test
    void saysThatTheRealmEndedBeforeItsContainer() throws IOException {
        agent = (spec, events, link) -> {
            signals.add(Signal.DIE);
            link.awaitEnd();
        };
        Fixture fixture = new Fixture(2);

        fixture.assertFails(request().build(), Status.Code.ABORTED, "Realm ended (DIED)");
    }

    @Test
    void saysThatAServiceIsNotThere() throws IOException {
        agent = (spec, events, link) -> {
            throw new AgentFailed(AgentFailed.Reason.UNAVAILABLE, "key-broker: nobody answers");
        };

        new Fixture(2).assertFails(request().build(), Status.Code.UNAVAILABLE, "key-broker: nobody answers");
    }

    @Test
    void saysThatThereIsNoRoomForTheImage() throws IOException {
        agent = (spec, events, link) -> {
            throw new AgentFailed(AgentFailed.Reason.NO_ROOM, "layers: no room left");
        };

        new Fixture(2).assertFails(request().build(), Status.Code.RESOURCE_EXHAUSTED, "layers: no room left");
    }

    @Test
    void refusesBadRequests() throws IOException {
        Fixture fixture = new Fixture(2);

        fixture.assertFails(request().setImage(" ").build(), Status.Code.INVALID_ARGUMENT, "image: 1 characters");
        fixture.assertFails(
                request().addEnvironment("NOVALUE").build(), Status.Code.INVALID_ARGUMENT, "expected: KEY=VALUE");
        fixture.assertFails(
                request().setInitdata(ByteString.copyFromUtf8("no toml")).build(),
                Status.Code.INVALID_ARGUMENT,
                "initdata");
        fixture.assertFails(
                request().clearInitdata().build(), Status.Code.INVALID_ARGUMENT, "initdata: none in the request");
        RunContainerRequest.Builder tooSmall = request();
        tooSmall.getShapeBuilder().setMemoryMib(16);
        fixture.assertFails(tooSmall.build(), Status.Code.INVALID_ARGUMENT, "memory-mib: 16 (expected: 256 to 65536)");
    }

    @Test
    void saysThatThereIsNoRoom() throws IOException {
        Fixture fixture = new Fixture(1);
        agent = (spec, events, link) -> link.awaitEnd();
        Iterator<RunContainerResponse> first =
                fixture.stub.runContainer(request().build());
        String id = first.next().getLaunched().getRealmId();

        assertThatThrownBy(() -> fixture.run(request().build()))
                .hasMessage("RESOURCE_EXHAUSTED: Realms: 1 exist (expected: fewer than 1, max-realms)");

        fixture.remove(id);
        fixture.assertNothingLeft();
    }

    @Test
    void removesTheRealmOfAClientThatLeaves() throws IOException {
        Fixture fixture = new Fixture(1);
        agent = (spec, events, link) -> link.awaitEnd();
        Context.CancellableContext client = Context.current().withCancellation();
        Context before = client.attach();
        try {
            Iterator<RunContainerResponse> events =
                    fixture.stub.runContainer(request().build());
            events.next();
        } finally {
            client.detach(before);
        }

        client.cancel(null);

        fixture.assertNothingLeft();
    }

    @Test
    void listsAndRemovesRealms() throws IOException {
        Fixture fixture = new Fixture(2);
        agent = (spec, events, link) -> link.awaitEnd();
        Iterator<RunContainerResponse> events =
                fixture.stub.runContainer(request().build());
        String id = events.next().getLaunched().getRealmId();

        List<Realm> realms = fixture.list();
        fixture.remove(id);

        assertThat(realms).singleElement().satisfies(realm -> {
            assertThat(realm.getRealmId()).isEqualTo(id);
            assertThat(realm.getImage()).isEqualTo("registry/image:tag");
            assertThat(realm.getState()).isEqualTo("ACTIVE");
        });
        assertThatThrownBy(() -> events.forEachRemaining(event -> {}))
                .hasMessage("CANCELLED: Realm " + id + " was removed");
        assertThatThrownBy(() -> fixture.remove(id)).hasMessage("NOT_FOUND: Realm " + id + ": not on this host");
        fixture.assertNothingLeft();
    }

    @Test
    void describesTheMachine() throws IOException {
        Fixture fixture = new Fixture(3);
        agent = (spec, events, link) -> link.awaitEnd();
        DescribeMachineResponse empty = fixture.machine();
        fixture.stub.runContainer(request().build()).next();

        DescribeMachineResponse machine = fixture.machine();

        assertThat(empty.getGranulesMap()).containsEntry("RD", 0L).containsEntry("NS", (64L << 20) / 4096);
        assertThat(machine.getGranulesMap()).containsEntry("RD", 1L).containsEntry("REC", 1L);
        assertThat(machine.getDramBytes()).isEqualTo(64L << 20);
        assertThat(machine.getPopulatedBytes()).isBetween(1L, 64L << 20);
        assertThat(machine.getRealms()).isEqualTo(1);
        assertThat(machine.getMaxRealms()).isEqualTo(3);
        assertThat(machine.getRmiVersion()).isEqualTo("1.0");
        assertThat(machine.getRegionsList())
                .extracting(MemoryRegion::getName, MemoryRegion::getBase, MemoryRegion::getProtection)
                .contains(tuple("RMM", 0x4010_0000L, "REALM"), tuple("host", 0x4190_0000L, "NON_SECURE"));
    }

    @Test
    void describesARealm() throws IOException {
        Fixture fixture = new Fixture(1);
        agent = (spec, events, link) -> link.awaitEnd();
        RealmLaunched launched =
                fixture.stub.runContainer(request().build()).next().getLaunched();

        RealmDescription realm = fixture.describe(launched.getRealmId());

        assertThat(realm.getRealm().getRim()).isEqualTo(launched.getRim());
        assertThat(realm.getRmmState()).isEqualTo("ACTIVE");
        assertThat(realm.getIpaBits()).isEqualTo(41);
        assertThat(realm.getRemList())
                .hasSize(4)
                .allMatch(rem -> rem.size() == launched.getRim().size());
        assertThat(realm.getTablesMap()).containsKeys(1, 2, 3);
        assertThat(realm.getOwnBytes()).isGreaterThan(10_000);
        assertThat(realm.getRecsList()).extracting(RecDescription::getMpidr).containsExactly(0L);
        assertThat(realm.getExitsMap()).containsKeys("IRQ", "PSCI", "HOST_CALL");
        assertThatThrownBy(() -> fixture.describe("realm-absent"))
                .hasMessage("NOT_FOUND: Realm realm-absent: not on this host");
    }

    @Test
    void watchesARealmUntilItIsGone() throws IOException {
        Fixture fixture = new Fixture(1);
        agent = (spec, events, link) -> link.awaitEnd();
        String id = fixture.stub
                .runContainer(request().build())
                .next()
                .getLaunched()
                .getRealmId();
        Iterator<WatchRealmResponse> watch = fixture.watch(id, 50);

        long exits = watch.next().getDescription().getExitsOrThrow("IRQ");
        signals.add(Signal.INTERRUPT);
        assertThat(watch.next().getDescription().getExitsOrThrow("IRQ")).isGreaterThan(exits);
        fixture.remove(id);

        watch.forEachRemaining(last ->
                assertThat(last.getDescription().getRealm().getRealmId()).isEqualTo(id));
        assertThatThrownBy(() -> fixture.watch(id, 50).next())
                .hasMessage("NOT_FOUND: Realm " + id + ": not on this host");
        assertThatThrownBy(() -> fixture.watch(id, 1).next())
                .hasMessageContaining("interval: PT0.001S (expected: 50 ms to 1 min)");
    }

    private static RunContainerRequest.Builder request() {
        return RunContainerRequest.newBuilder()
                .setImage("registry/image:tag")
                .setInitdata(ByteString.copyFrom(INITDATA));
    }

    private static InitdataDisk noInitdata() {
        throw new LaunchException.BadRequest("initdata: none in the request, and none configured");
    }

    /// A host on a machine of its own, and a client.
    private final class Fixture {
        private final RealmHost host;
        private final int free;
        private final HostServiceGrpc.HostServiceBlockingStub stub;

        Fixture(int maxRealms) throws IOException {
            BootedMachine machine = open(new BootedMachine(64 << 20, context -> new Guest()));
            MemoryFolders folders = open(MemoryFolders.open(memory));
            host = machine.host();
            free = host.freeGranules();
            LaunchWorkload launch = new LaunchWorkload(
                    new LaunchWorkload.Setup(
                            host,
                            GuestImages.open(Stream.of(
                                            "usual", "other", "other@kvmtool", "other@cloud-hv", "other@qemu-firmware")
                                    .map(name -> BootSource.parse(
                                            folder.resolve(name).toString()))
                                    .toList()),
                            folders,
                            (socket, id) -> new ScriptedLink((spec, events, link) -> agent.run(spec, events, link)),
                            maxRealms,
                            Duration.ofSeconds(10)),
                    InstantSource.system());
            DebuggingPort port = new DebuggingPort(
                    machine.addressMap(), machine::census, machine::populatedBytes, launch.registry());
            HostGrpc service = new HostGrpc(launch, port, RealmShape.DEFAULT, HostServiceTest::noInitdata);
            String name = InProcessServerBuilder.generateName();
            Server server = InProcessServerBuilder.forName(name)
                    .executor(open(Executors.newVirtualThreadPerTaskExecutor()))
                    .addService(service)
                    .build()
                    .start();
            ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
            open(launch::stop);
            open(server::shutdownNow);
            open(channel::shutdownNow);
            stub = HostServiceGrpc.newBlockingStub(channel);
        }

        private <T extends AutoCloseable> T open(T resource) {
            opened.add(resource);
            return resource;
        }

        List<RunContainerResponse> run(RunContainerRequest request) {
            List<RunContainerResponse> events = new ArrayList<>();
            stub.runContainer(request).forEachRemaining(events::add);
            return events;
        }

        void assertFails(RunContainerRequest request, Status.Code code, String why) throws IOException {
            assertThatThrownBy(() -> run(request))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                    .hasMessageContaining(why);
            assertNothingLeft();
        }

        List<Realm> list() {
            return stub.listRealms(ListRealmsRequest.getDefaultInstance()).getRealmsList();
        }

        DescribeMachineResponse machine() {
            return stub.describeMachine(DescribeMachineRequest.getDefaultInstance());
        }

        RealmDescription describe(String id) {
            return stub.describeRealm(
                            DescribeRealmRequest.newBuilder().setRealmId(id).build())
                    .getDescription();
        }

        Iterator<WatchRealmResponse> watch(String id, int millis) {
            return stub.watchRealm(WatchRealmRequest.newBuilder()
                    .setRealmId(id)
                    .setInterval(com.google.protobuf.Duration.newBuilder().setNanos(millis * 1_000_000))
                    .build());
        }

        void remove(String id) {
            var unused = stub.removeRealm(
                    RemoveRealmRequest.newBuilder().setRealmId(id).build());
        }

        void assertNothingLeft() throws IOException {
            while (!list().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(host.freeGranules()).isEqualTo(free);
            try (Stream<Path> files = Files.walk(memory)) {
                assertThat(files.filter(path -> path.getFileName().toString().startsWith("realm-")))
                        .isEmpty();
            }
        }
    }
}
