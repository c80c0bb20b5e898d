// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Duration;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.InitdataDisk;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.WorkloadFeatures;
import dev.realmesh.mesh.link.AllowList;
import dev.realmesh.mesh.link.HostLink;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.proto.realm.v1.AfterEnd;
import dev.realmesh.proto.realm.v1.Container;
import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.CreateContainerResponse;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.ListContainersRequest;
import dev.realmesh.proto.realm.v1.ProcessChanges;
import dev.realmesh.proto.realm.v1.ReadLogsRequest;
import dev.realmesh.proto.realm.v1.ReadLogsResponse;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceBlockingStub;
import dev.realmesh.proto.realm.v1.RemoveContainerRequest;
import dev.realmesh.proto.realm.v1.ResourceLimit;
import dev.realmesh.proto.realm.v1.RestartPolicy;
import dev.realmesh.proto.realm.v1.RestartWhen;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.SignalContainerRequest;
import dev.realmesh.proto.realm.v1.StartContainerRequest;
import dev.realmesh.proto.realm.v1.StopContainerRequest;
import dev.realmesh.proto.realm.v1.TemporaryFolder;
import dev.realmesh.proto.realm.v1.TerminalSize;
import dev.realmesh.proto.realm.v1.WaitContainerRequest;
import dev.realmesh.realm.container.CrunInUserNamespace;
import dev.realmesh.realm.container.PrivateNetwork;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.rsi.MeasurementRegister;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Realm that lives on with containers, by the real crun and over the real link: what the host does with them, and
/// what
/// it may not by the Realm's initdata.
@Timeout(120)
class LiveContainersTest {
    private static final String KEY_PATH = "default/image-kek/busybox";
    private static final byte[] KEY = HexFormat.of().parseHex("5e".repeat(32));
    private static final AgentPolicy COMMANDS = AgentPolicy.allowing(Permission.COMMAND);

    @TempDir
    Path folder;

    private CrunInUserNamespace machine;
    private RealmFixture outside;
    private HostLink link;
    private CompletableFuture<Boolean> end;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        machine = CrunInUserNamespace.in(folder);
        Path image = BusyboxImage.in(
                folder,
                new Recipient.KeyBroker("kbs:///" + KEY_PATH, new SecretKeySpec(KEY, "AES")),
                "echo its own; cat; exit 7");
        outside = RealmFixture.offering(image, folder);
        outside.broker().holding(KEY_PATH, KEY);
        link = HostLink.listen(
                places().link(),
                AllowList.of("realmesh.keybroker.v1.KeyBrokerService", "realmesh.image.v1.ImageService"),
                service -> outside.host(),
                "realm-1");
    }

    @AfterEach
    void stop() throws Exception {
        link.close();
        assertThat(end.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(places().work()).as("what is left of containers").isEmptyDirectory();
        assertThat(places().crunState()).as("what is left of crun").isEmptyDirectory();
        outside.close();
    }

    @Test
    void hasSeveralContainersAndMeasuresEachStart() throws Exception {
        boot(COMMANDS);
        create(request("one", "echo first; sleep 1000"));
        create(request("two", "echo second; exit 3"));
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(new byte[32]);

        startContainer("one");
        startContainer("two");

        assertThat(agent().waitContainer(
                                WaitContainerRequest.newBuilder().setName("two").build())
                        .getExitCode())
                .isEqualTo(3);
        assertThat(containers())
                .extracting(Container::getName, Container::getState, Container::hasExitCode, Container::getExitCode)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("one", "RUNNING", false, 0),
                        org.assertj.core.groups.Tuple.tuple("two", "EXITED", true, 3));
        assertThat(logs("two")).isEqualTo("second\n");
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(extendedByImage(2));
        assertThat(outside.broker().attestations())
                .as("before the first start, and after each")
                .hasSize(3);

        startContainer("two");
        agent().waitContainer(WaitContainerRequest.newBuilder().setName("two").build());
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(extendedByImage(3));
        assertThat(logs("two")).isEqualTo("second\nsecond\n");
    }

    @Test
    void furtherProcessesRunWhereInitdataAllowsThem() throws Exception {
        boot(AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC));
        create(request("c", "sleep 1000"));
        startContainer("c");

        AgentProcess process = AgentProcess.exec(
                link.agent(),
                ExecStart.newBuilder()
                        .addAllCommand(
                                List.of(
                                        "/bin/sh",
                                        "-c",
                                        "echo $0 $WORD; pwd; cat; echo err >&2; busybox ls /proc | busybox grep -c '^[0-9]*$'; exit 9"))
                        .addEnvironment("WORD=said")
                        .setWorkingDirectory("/bin")
                        .setStdin(true)
                        .build());
        process.write("piped\n");
        process.endInput();

        assertThat(process.await()).isEqualTo(9);
        assertThat(process.out()).startsWith("/bin/sh said\n/bin\npiped\n");
        assertThat(process.err()).isEqualTo("err\n");
        AgentProcess absent = AgentProcess.exec(
                link.agent(), ExecStart.newBuilder().addCommand("/bin/absent").build());
        assertRefused(absent::await, Status.Code.FAILED_PRECONDITION, "/bin/absent");
    }

    @Test
    void furtherProcessHasATerminalAndEndsWithItsCall() throws Exception {
        boot(AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC));
        create(request("c", "sleep 1000"));
        startContainer("c");

        AgentProcess shell = AgentProcess.exec(
                link.agent(),
                ExecStart.newBuilder()
                        .addCommand("/bin/sh")
                        .setStdin(true)
                        .setTerminal(TerminalSize.newBuilder().setRows(40).setColumns(123))
                        .build());
        shell.write("busybox tty; busybox stty size\n");
        shell.awaitOut("/dev/pts/0");
        shell.awaitOut("40 123");
        shell.resize(50, 99);
        shell.write("busybox stty size\n");
        shell.awaitOut("50 99");
        shell.write("exec sleep 1000\n");
        AgentProcess.awaitTrue(() -> processes("sleep 1000") == 2);

        shell.cancel();

        AgentProcess.awaitTrue(() -> processes("sleep 1000") == 1);
    }

    /// crun enters no network that it did not make, so the agent starts what is to have the container's there.
    @Test
    void furtherProcessHasTheContainersNetwork() throws Exception {
        assumeTrue(PrivateNetwork.prepare().isPermitted(), "network namespaces");
        boot(AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC), WorkloadFeatures.RESOURCE);
        create(request("c", "busybox readlink /proc/self/ns/net; sleep 1000"));
        startContainer("c");
        AgentProcess.awaitTrue(() -> logs("c").endsWith("\n"));

        AgentProcess further = AgentProcess.exec(
                link.agent(),
                ExecStart.newBuilder()
                        .addAllCommand(List.of("/bin/busybox", "readlink", "/proc/self/ns/net"))
                        .build());

        assertThat(further.await()).isZero();
        assertThat(further.out()).isEqualTo(logs("c")).startsWith("net:[");
        assertThat(further.out().strip())
                .isNotEqualTo(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    }

    @Test
    void containerHasATerminalThatIsTypedOn() throws Exception {
        boot(COMMANDS);
        create(request("c", "busybox stty size; exec sh")
                .setStdin(true)
                .setTerminal(TerminalSize.newBuilder().setRows(24).setColumns(80)));
        AgentProcess terminal = AgentProcess.attach(link.agent(), "c");
        startContainer("c");

        terminal.awaitOut("24 80");
        terminal.write("sleep 1000\n");
        AgentProcess.awaitTrue(() -> processes("sleep 1000") == 1);
        terminal.write("\u0003");
        AgentProcess.awaitTrue(() -> processes("sleep 1000") == 0);
        for (int i = 0; i < 100; i++) {
            terminal.write("flushed\u0003"); // what is read may be flushed under who reads
        }
        terminal.write("echo inter'rupted'; exit 4\n");

        assertThat(terminal.await()).isEqualTo(4);
        assertThat(terminal.out()).contains("interrupted");
    }

    @Test
    void standardInputIsPassedOnLosslessly() throws Exception {
        boot(COMMANDS);
        create(request("c", "cat").setStdin(true));
        AgentProcess process = AgentProcess.attach(link.agent(), "c");
        startContainer("c");
        String line = "0123456789abcdef".repeat(1024) + "\n";

        for (int i = 0; i < 200; i++) {
            process.write(line);
        }
        process.endInput();

        assertThat(process.await()).isZero();
        assertThat(process.out()).isEqualTo(line.repeat(200));
    }

    @Test
    void eachThingThatInitdataDoesNotAllowIsRefused() throws Exception {
        boot(AgentPolicy.NOTHING.without(Permission.OUTPUT));
        create(request("c"));
        startContainer("c");

        assertRefused(() -> create(request("d", "id")), Status.Code.PERMISSION_DENIED, "allow-command = true");
        assertRefused(() -> create(request("d").setStdin(true)), Status.Code.PERMISSION_DENIED, "allow-stdin = true");
        AgentProcess further = AgentProcess.exec(
                link.agent(), ExecStart.newBuilder().addCommand("id").build());
        assertRefused(further::await, Status.Code.PERMISSION_DENIED, "allow-exec = true");
        assertRefused(() -> logs("c"), Status.Code.PERMISSION_DENIED, "allow-output = true");
        assertRefused(() -> signal("c", "USR1"), Status.Code.PERMISSION_DENIED, "allow-signals = true");
        assertThat(containers()).hasSize(1);
        assertThat(agent().waitContainer(WaitContainerRequest.getDefaultInstance())
                        .getExitCode())
                .isEqualTo(7);
    }

    @Test
    void whatInitdataAllowsIsDone() throws Exception {
        boot(AgentPolicy.allowing(Permission.STDIN, Permission.SIGNALS).without(Permission.OUTPUT));
        create(request("c").setStdin(true));
        AgentProcess process = AgentProcess.attach(link.agent(), "c");
        startContainer("c");
        signal("c", "SIGCONT");
        process.write("for cat\n");
        process.endInput();

        assertThat(process.await()).isEqualTo(7);
        assertThat(process.out()).isEmpty();
    }

    @Test
    void stopsBySignalAndThenByKill() throws Exception {
        boot(COMMANDS);
        create(request("kind", "trap 'echo bye; exit 5' TERM; echo up; while true; do sleep 0.05; done"));
        create(request("stubborn", "trap '' TERM; echo up; while true; do sleep 0.05; done"));
        for (String name : List.of("kind", "stubborn")) {
            startContainer(name);
            AgentProcess.awaitTrue(() -> logs(name).contains("up"));
            var unused = agent().stopContainer(StopContainerRequest.newBuilder()
                    .setName(name)
                    .setGrace(Duration.newBuilder()
                            .setSeconds(name.equals("kind") ? 20 : 0)
                            .setNanos(50_000_000))
                    .build());
        }

        assertThat(containers()).extracting(Container::getState).containsOnly("EXITED");
        assertThat(containers()).extracting(Container::getExitCode).containsExactly(5, 137);
        assertThat(logs("kind")).contains("bye");
    }

    @Test
    void signalReachesTheFirstProcess() throws Exception {
        boot(COMMANDS);
        create(request("c", "trap 'exit 6' INT; echo up; while true; do sleep 0.05; done"));
        startContainer("c");
        AgentProcess.awaitTrue(() -> logs("c").contains("up"));

        signal("c", "INT");

        assertThat(agent().waitContainer(WaitContainerRequest.getDefaultInstance())
                        .getExitCode())
                .isEqualTo(6);
        assertRefused(() -> signal("c", "TERM"), Status.Code.FAILED_PRECONDITION, "EXITED");
        assertRefused(() -> signal("c", "NONE"), Status.Code.INVALID_ARGUMENT, "signal");
    }

    @Test
    void startsAgainWhatFailed() throws Exception {
        boot(COMMANDS);
        create(request("c", "echo run; echo x >> /runs; test $(busybox wc -l < /runs) = 3")
                .setRestart(RestartPolicy.newBuilder().setWhen(RestartWhen.RESTART_WHEN_ON_FAILURE)));
        create(request("d", "exit 2")
                .setRestart(RestartPolicy.newBuilder()
                        .setWhen(RestartWhen.RESTART_WHEN_ON_FAILURE)
                        .setMostRestarts(1)));
        startContainer("c");
        startContainer("d");

        for (String name : List.of("c", "d")) {
            agent().waitContainer(
                            WaitContainerRequest.newBuilder().setName(name).build());
        }

        assertThat(containers()).extracting(Container::getExitCode).containsExactly(0, 2);
        assertThat(containers()).extracting(Container::getRestarts).containsExactly(2, 1);
        assertThat(logs("c")).isEqualTo("run\nrun\nrun\n");
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(extendedByImage(5));
    }

    @Test
    void logsAreFollowedToTheEnd() throws Exception {
        boot(COMMANDS);
        create(request("c", "echo one; cat; echo two >&2").setStdin(true));
        AgentProcess process = AgentProcess.attach(link.agent(), "c");
        startContainer("c");
        Iterator<ReadLogsResponse> followed =
                agent().readLogs(ReadLogsRequest.newBuilder().setFollow(true).build());
        assertThat(followed.next().getStdout().toStringUtf8()).isEqualTo("one\n");

        process.endInput();

        assertThat(followed.next().getStderr().toStringUtf8()).isEqualTo("two\n");
        assertThat(followed).isExhausted();
    }

    @Test
    void rootCanBeReadOnly() throws Exception {
        boot(COMMANDS);
        create(request("c", "echo x > /y; echo x > /dev/shm/y && echo shm").setReadOnlyRoot(true));
        startContainer("c");

        agent().waitContainer(WaitContainerRequest.getDefaultInstance());

        assertThat(logs("c")).contains("Read-only file system").contains("shm");
    }

    @Test
    void containerIsNamedOnceAndGoneWhenItIsRemoved() throws Exception {
        boot(COMMANDS);
        create(request("c", "sleep 1000"));
        startContainer("c");
        assertRefused(() -> create(request("c", "id")), Status.Code.FAILED_PRECONDITION, "is there already");
        assertRefused(() -> startContainer("c"), Status.Code.FAILED_PRECONDITION, "RUNNING");
        assertRefused(() -> create(request("C d", "id")), Status.Code.INVALID_ARGUMENT, "name");

        var unused = agent().removeContainer(
                        RemoveContainerRequest.newBuilder().setName("c").build());

        assertThat(containers()).isEmpty();
        assertThat(places().work()).isEmptyDirectory();
        assertThat(processes("sleep 1000")).isZero();
        assertRefused(() -> startContainer("c"), Status.Code.NOT_FOUND, "not in this Realm");
        assertRefused(() -> logs(""), Status.Code.NOT_FOUND, "none in this Realm");
    }

    @Test
    void programThatIsNotThereIsToldAtTheStart() throws Exception {
        boot(COMMANDS);
        create(request("c", "id"));
        create(CreateContainerRequest.newBuilder()
                .setName("d")
                .setRun(RunContainerRequest.newBuilder().setImage("busybox:1").addCommand("sleep 1000")));
        Files.delete(onlyRootWithout("d").resolve("bin/sh"));

        assertRefused(() -> startContainer("c"), Status.Code.FAILED_PRECONDITION, "not found");

        assertThat(containers().getFirst().getProblem()).contains("not found");
    }

    @Test
    void processRunsAsTheRequestChangesIt() throws Exception {
        boot(AgentPolicy.allowing(Permission.COMMAND, Permission.EXEC));
        create(request("c")
                .setReadOnlyRoot(true)
                .addTemporaryFolders(TemporaryFolder.newBuilder()
                        .setPath("/scratch")
                        .setBytes(1 << 20)
                        .setMode(0700))
                .setChanges(ProcessChanges.newBuilder()
                        .setUser("0:0")
                        .setWorkingDirectory("/scratch")
                        .addAllEntrypoint(List.of("/bin/sh", "-c"))
                        .addEntrypoint("pwd; ulimit -n; busybox stat -c %a .; echo x > y; cat y; exec sleep 1000")
                        .addDropCapabilities("ALL")
                        .addAddCapabilities("CHOWN")
                        .addLimits(ResourceLimit.newBuilder()
                                .setName("nofile")
                                .setSoft(100)
                                .setHard(200))));
        startContainer("c");

        AgentProcess.awaitTrue(() -> logs("c").endsWith("x\n"));
        assertThat(logs("c")).isEqualTo("/scratch\n100\n700\nx\n");
        AgentProcess exec = AgentProcess.exec(
                link.agent(),
                ExecStart.newBuilder()
                        .setUser("0")
                        .addAllCommand(List.of("/bin/sh", "-c", "cat /proc/self/status"))
                        .build());
        assertThat(exec.await()).isZero();
        assertThat(exec.out()).contains("CapEff:\t0000000000000001", "Seccomp:\t2");
    }

    @Test
    void containerIsForgottenAtItsEndWhereThatWasAskedFor() throws Exception {
        boot(COMMANDS);
        create(request("goes", "exec sleep 1000").setAfterEnd(AfterEnd.AFTER_END_REMOVE));
        create(request("stays", "exec sleep 1000"));
        startContainer("goes");
        startContainer("stays");

        stop("goes");
        stop("stays");

        assertThat(containers()).extracting(Container::getName).containsExactly("stays");
    }

    @Test
    void realmEndsWithItsContainerWhereThatWasAskedFor() throws Exception {
        boot(COMMANDS);
        create(request("last", "exec sleep 1000").setAfterEnd(AfterEnd.AFTER_END_POWER_OFF));
        startContainer("last");

        stop("last");

        assertThat(end.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(outside.processor().poweredOff()).isCompleted();
    }

    @Test
    void tellsWhatContainersUse() throws Exception {
        boot(COMMANDS);
        create(request("busy", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sleep 1000 & echo done; wait"));
        create(request("idle", "exec sleep 1000"));
        create(request("other"));
        startContainer("busy");
        startContainer("idle");

        AgentProcess.awaitTrue(() -> logs("busy").equals("done\n") && processes("sleep 1000") == 2);
        List<Container> all = containers();
        assertThat(all.get(0).getUsage().getProcesses()).isEqualTo(2);
        assertThat(all.get(0).getUsage().getMemoryBytes()).isPositive();
        assertThat(nanos(all.get(0))).isGreaterThan(nanos(all.get(1)));
        assertThat(all.get(1).getUsage().getProcesses()).isEqualTo(1);
        assertThat(all.get(2).hasUsage()).isFalse();
    }

    @Test
    void processIsTheImagesOwnUnlessInitdataSaysSo() throws Exception {
        boot(AgentPolicy.NOTHING);
        create(request("own"));
        startContainer("own");
        for (ProcessChanges changes : List.of(
                ProcessChanges.newBuilder().setUser("1").build(),
                ProcessChanges.newBuilder().addEntrypoint("/bin/id").build(),
                ProcessChanges.newBuilder().addDropCapabilities("CHOWN").build())) {
            assertRefused(
                    () -> create(request("c").setChanges(changes)), Status.Code.PERMISSION_DENIED, "allow-command");
        }
        assertRefused(
                () -> create(request("c")
                        .addTemporaryFolders(TemporaryFolder.newBuilder().setPath("/bin"))),
                Status.Code.PERMISSION_DENIED,
                "allow-command");
        assertThat(containers()).extracting(Container::getName).containsExactly("own");
    }

    /// The root file system of the container that was created first.
    private Path onlyRootWithout(String last) throws IOException {
        try (var folders = Files.list(places().work())) {
            List<Path> all = folders.sorted(java.util.Comparator.comparing(LiveContainersTest::createdAt))
                    .toList();
            assertThat(all).as("without " + last).hasSize(2);
            return all.getFirst().resolve("rootfs");
        }
    }

    private static java.nio.file.attribute.FileTime createdAt(Path path) {
        try {
            return (java.nio.file.attribute.FileTime) Files.getAttribute(path, "creationTime");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void boot(AgentPolicy policy) throws IOException {
        boot(policy, WorkloadFeatures.NONE);
    }

    private void boot(AgentPolicy policy, WorkloadFeatures features) throws IOException {
        Initdata initdata = new RealmSettings(
                        outside.broker().identity().publicKey(), ImagePolicy.ENCRYPTED_ONLY, policy, features)
                .toInitdata();
        Files.write(places().initdata(), InitdataDisk.write(initdata));
        outside.processor().personalisedWith(initdata.personalizationValue());
        RealmBoot boot = new RealmBoot(
                places(),
                Map.of(
                        "REALM_SCRATCH_IPA",
                        "0x" + Long.toHexString(dev.realmesh.realm.rsi.ScriptedProcessor.SCRATCH.value())),
                InstantSource.system());
        end = CompletableFuture.supplyAsync(
                boot::run, task -> Thread.ofPlatform().daemon().start(task));
    }

    private static CreateContainerRequest.Builder request(String name, String... command) {
        return CreateContainerRequest.newBuilder()
                .setName(name)
                .setRun(RunContainerRequest.newBuilder().setImage("busybox:1").addAllCommand(List.of(command)));
    }

    private void create(CreateContainerRequest.Builder request) {
        CreateContainerResponse last = null;
        Iterator<CreateContainerResponse> events = agent().createContainer(request.build());
        while (events.hasNext()) {
            last = events.next();
        }
        assertThat(last).isNotNull();
        assertThat(last.getCreated().getName()).isEqualTo(request.getName());
    }

    private void startContainer(String name) {
        var unused = agent().startContainer(
                        StartContainerRequest.newBuilder().setName(name).build());
    }

    private void stop(String name) {
        var unused = agent().stopContainer(StopContainerRequest.newBuilder()
                .setName(name)
                .setGrace(Duration.getDefaultInstance())
                .build());
    }

    private void signal(String name, String signal) {
        var unused = agent().signalContainer(SignalContainerRequest.newBuilder()
                .setName(name)
                .setSignal(signal)
                .build());
    }

    private List<Container> containers() {
        return agent().listContainers(ListContainersRequest.getDefaultInstance())
                .getContainersList();
    }

    private String logs(String name) {
        StringBuilder text = new StringBuilder();
        agent().readLogs(ReadLogsRequest.newBuilder().setName(name).build())
                .forEachRemaining(entry ->
                        text.append((entry.hasStdout() ? entry.getStdout() : entry.getStderr()).toStringUtf8()));
        return text.toString();
    }

    private RealmAgentServiceBlockingStub agent() {
        return RealmAgentServiceGrpc.newBlockingStub(link.agent()).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    /// How many processes with these words there are below this one's namespace that containers have.
    private static long processes(String words) {
        return ProcessHandle.allProcesses()
                .map(process -> words(process.pid()))
                .filter(text -> text.equals(words))
                .count();
    }

    private static String words(long process) {
        try {
            return Files.readString(Path.of("/proc/" + process + "/cmdline"))
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }

    private static long nanos(Container container) {
        Duration time = container.getUsage().getProcessorTime();
        return time.getSeconds() * 1_000_000_000 + time.getNanos();
    }

    private byte[] extendedByImage(int times) throws Exception {
        byte[] register = new byte[32];
        byte[] digest = HexFormat.of().parseHex(outside.images().digest().substring("sha256:".length()));
        for (int i = 0; i < times; i++) {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(register);
            register = hash.digest(digest);
        }
        return register;
    }

    private RealmPlaces places() {
        return new RealmPlaces(
                folder.resolve("smc.sock"),
                folder.resolve("link.sock"),
                folder.resolve("initdata"),
                Path.of("/proc/self"),
                folder.resolve("work"),
                machine.program(),
                folder.resolve("state"),
                Path.of("/usr/bin/catatonit"));
    }
}
