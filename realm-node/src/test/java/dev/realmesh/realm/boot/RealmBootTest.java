// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.InitdataDisk;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.WorkloadFeatures;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.kbs.aael.PulledImage;
import dev.realmesh.mesh.link.AllowList;
import dev.realmesh.mesh.link.HostLink;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.proto.realm.v1.SecretFile;
import dev.realmesh.realm.container.CrunInUserNamespace;
import dev.realmesh.realm.container.PrivateNetwork;
import dev.realmesh.realm.container.SealedVectors;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.rsi.MeasurementRegister;
import dev.realmesh.realm.rsi.ScriptedProcessor;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole Realm, from its first call of the monitor to SYSTEM_OFF: over the real conduit and the real guarded link,
/// with
/// the real crun, and around it a scripted processor, a broker with real keys and an image that was encrypted for one.
@Timeout(60)
class RealmBootTest {
    private static final String KEY_PATH = "default/image-kek/busybox";
    private static final byte[] KEY = HexFormat.of().parseHex("5e".repeat(32));
    private static final Map<String, String> ENVIRONMENT =
            Map.of("REALM_SCRATCH_IPA", "0x" + Long.toHexString(ScriptedProcessor.SCRATCH.value()));

    @TempDir
    Path folder;

    private CrunInUserNamespace machine;
    private RealmFixture outside;
    private HostLink link;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        machine = CrunInUserNamespace.in(folder);
        Path image = BusyboxImage.in(
                folder,
                new Recipient.KeyBroker("kbs:///" + KEY_PATH, new SecretKeySpec(KEY, "AES")),
                "echo out; echo err >&2; exit 7");
        outside = RealmFixture.offering(image, folder);
        outside.broker().holding(KEY_PATH, KEY);
        link = HostLink.listen(
                places().link(),
                AllowList.of("realmesh.keybroker.v1.KeyBrokerService", "realmesh.image.v1.ImageService"),
                service -> outside.host(),
                "realm-1");
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        outside.close();
    }

    @Test
    void runsEncryptedImageAndPowersOffWhenTheHostLeaves() throws Exception {
        deliver(initdata(AgentPolicy.NOTHING), initdata(AgentPolicy.NOTHING));
        CompletableFuture<Boolean> end = boot();

        List<RunContainerResponse> events = run(RunContainerRequest.newBuilder().setImage("busybox:1"));

        assertThat(steps(events)).containsExactly("attest", "key", "pull", "unpack", "record", "run");
        assertThat(events.get(1).getAttested().getResultId()).isEqualTo("result-1");
        assertThat(joined(events, RunContainerResponse.EventCase.STDOUT)).isEqualTo("out\n");
        assertThat(joined(events, RunContainerResponse.EventCase.STDERR)).isEqualTo("err\n");
        assertThat(events.getLast().getExited().getExitCode()).isEqualTo(7);
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(extendedByImage());
        assertThat(outside.processor().measurement(MeasurementRegister.REM0)).isEqualTo(new byte[32]);
        assertThat(places().work()).isEmptyDirectory();

        link.close();
        assertThat(end.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(outside.processor().poweredOff()).isCompleted();
    }

    @Test
    void runsSeveralContainersInOneSession() throws Exception {
        deliver(
                initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT)),
                initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT)));
        boot();

        for (String word : List.of("one", "two")) {
            List<RunContainerResponse> events = run(RunContainerRequest.newBuilder()
                    .setImage("busybox:1")
                    .addCommand("echo $WORD; cat /left-behind; echo $WORD > /left-behind")
                    .addEnvironment("WORD=" + word));
            assertThat(joined(events, RunContainerResponse.EventCase.STDOUT)).isEqualTo(word + "\n");
        }
        assertThat(attestedLogs())
                .as("before the first, with the first, with both")
                .extracting(log -> log.entries().size())
                .containsExactly(0, 1, 2);
        assertThat(attestedLogs().getLast().replay(new byte[32]))
                .isEqualTo(outside.processor().measurement(MeasurementRegister.REM2));
    }

    /// What is measured is told by the next evidence; that nobody takes it is no reason to end what runs.
    @Test
    void runsOnWhereTheBrokerDoesNotAnswerAnyMore() throws Exception {
        deliver(initdata(AgentPolicy.NOTHING), initdata(AgentPolicy.NOTHING));
        outside.broker().failAttestAfter(1, Status.UNAVAILABLE);
        boot();

        List<RunContainerResponse> events = run(RunContainerRequest.newBuilder().setImage("busybox:1"));

        assertThat(events).filteredOn(RunContainerResponse::hasAttested).hasSize(1);
        assertThat(events)
                .filteredOn(event -> event.getStep().getStep().equals("record"))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.getStep().getDetail()).startsWith("no result tells of this start"));
        assertThat(events.getLast().getExited().getExitCode()).isEqualTo(7);
    }

    private List<AaelLog> attestedLogs() {
        return outside.broker().attestations().stream()
                .map(sent -> AaelLog.parse(sent.getEventLog().toByteArray()))
                .toList();
    }

    /// The container reaches the agent at its own loopback address, and what the agent measures is in the registers.
    @Test
    void workloadHasItsSecretsFromTheRealmsAgent() throws Exception {
        Initdata all = initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT), WorkloadFeatures.ALL);
        deliver(all, all);
        assumeTrue(PrivateNetwork.prepare().isPermitted(), "network namespaces");
        outside.broker().holding("default/db/password", "p4ss".getBytes(StandardCharsets.UTF_8));
        boot();

        List<RunContainerResponse> events =
                run(RunContainerRequest.newBuilder().setImage("busybox:1").addCommand("""
                        api=http://127.0.0.1:8006
                        busybox wget -qO- $api/cdh/resource/default/db/password; echo
                        busybox wget -qO- $api/cdh/resource/default/db/other 2>&1
                        busybox wget -qO- --post-data '{"domain":"d","operation":"o","content":"c"}' $api/aa/aael; echo
                        busybox wget -qO- $api/aa/aael | busybox base64 -w0; echo
                        busybox ip -o link | busybox wc -l"""));

        List<String> lines =
                joined(events, RunContainerResponse.EventCase.STDOUT).lines().toList();
        assertThat(lines)
                .startsWith(
                        "p4ss",
                        "wget: server returned error: HTTP/1.1 500 Internal Server Error",
                        "{\"success\":\"true\"}")
                .endsWith("1");
        AaelLog log = AaelLog.parse(Base64.getDecoder().decode(lines.get(3)));
        assertThat(log.entries().stream().map(AaelEntry::event))
                .containsExactly(
                        new PulledImage("busybox:1", outside.images().digest()).toEvent(),
                        new AaelEvent("d", "o", "c"));
        assertThat(outside.processor().measurement(MeasurementRegister.REM2)).isEqualTo(log.replay(new byte[32]));
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(extendedByImage());
    }

    @Test
    void workloadHasNoAgentWhereInitdataGivesItNone() throws Exception {
        Initdata none = initdata(AgentPolicy.allowing(Permission.COMMAND), WorkloadFeatures.NONE);
        deliver(none, none);
        boot();

        List<RunContainerResponse> events = run(RunContainerRequest.newBuilder()
                .setImage("busybox:1")
                .addCommand("busybox wget -qO- http://127.0.0.1:8006/info"));

        assertThat(joined(events, RunContainerResponse.EventCase.STDOUT)).isEmpty();
        assertThat(events.getLast().getExited().getExitCode()).isEqualTo(1);
    }

    @Test
    void startsNothingWithASealedSecretThatIsNone() throws Exception {
        deliver(
                initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT)),
                initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT)));
        boot();

        assertRefused(
                RunContainerRequest.newBuilder()
                        .setImage("busybox:1")
                        .addCommand("echo started")
                        .addEnvironment("PASSWORD=sealed.fakejwsheader.e30.fakesignature"),
                Status.Code.FAILED_PRECONDITION,
                "environment variable PASSWORD: sealed secret: no JWS");
        assertThat(outside.processor().measurement(MeasurementRegister.REM2)).isEqualTo(new byte[32]);
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(new byte[32]);
        assertThat(places().work()).isEmptyDirectory();
    }

    /// The recorded sealed secret, as a file that its container reads and cannot change, and nobody else sees.
    @Test
    void putsSealedSecretsIntoFilesOfTheContainer() throws Exception {
        Initdata given = initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.SECRET_FILES));
        deliver(given, given);
        SealedVectors.giveResources(outside.broker());
        boot();

        List<RunContainerResponse> events = run(RunContainerRequest.newBuilder()
                .setImage("busybox:1")
                .addCommand("cat /run/secrets/db; echo; busybox stat -c '%a %u %g' /run/secrets/db; "
                        + "echo x > /run/secrets/db; busybox grep /run/secrets/db /proc/self/mounts")
                .addSecretFiles(secretFile("/run/secrets/db", SealedVectors.recorded("vault-signed"))));

        List<String> lines =
                joined(events, RunContainerResponse.EventCase.STDOUT).lines().toList();
        assertThat(lines).startsWith("value-from-vault", "400 0 0").hasSize(3);
        assertThat(lines.getLast()).contains(" ro,");
        assertThat(joined(events, RunContainerResponse.EventCase.STDERR)).contains("Read-only file system");
        assertThat(places().work()).isEmptyDirectory();
    }

    @Test
    void keepsTheContainersOutputWhereInitdataSaysSo() throws Exception {
        Initdata silent = initdata(AgentPolicy.NOTHING.without(Permission.OUTPUT));
        deliver(silent, silent);
        boot();

        List<RunContainerResponse> events = run(RunContainerRequest.newBuilder().setImage("busybox:1"));

        assertThat(steps(events)).containsExactly("attest", "key", "pull", "unpack", "record", "run");
        assertThat(events).noneMatch(event -> event.hasStdout() || event.hasStderr());
        assertThat(events.getLast().getExited().getExitCode()).isEqualTo(7);
    }

    @Test
    void refusesWhatInitdataDoesNotLetTheHostAskFor() throws Exception {
        deliver(initdata(AgentPolicy.NOTHING), initdata(AgentPolicy.NOTHING));
        boot();

        assertRefused(
                RunContainerRequest.newBuilder().setImage("busybox:1").addCommand("id"),
                Status.Code.PERMISSION_DENIED,
                "allow-command");
        assertRefused(
                RunContainerRequest.newBuilder().setImage("busybox:1").addEnvironment("LD_PRELOAD=/x"),
                Status.Code.PERMISSION_DENIED,
                "allow-environment");
        assertRefused(
                RunContainerRequest.newBuilder()
                        .setImage("busybox:1")
                        .addSecretFiles(secretFile("/bin/sh", SealedVectors.recorded("vault-signed"))),
                Status.Code.PERMISSION_DENIED,
                "allow-secret-files = true");
        assertRefused(
                RunContainerRequest.newBuilder().setImage("busybox:1").addSecretFiles(secretFile("/etc/x", "plain")),
                Status.Code.INVALID_ARGUMENT,
                "no sealed secret");
        assertRefused(RunContainerRequest.newBuilder(), Status.Code.INVALID_ARGUMENT, "image");
        assertThat(outside.broker().attestations()).isEmpty();
    }

    @Test
    void tellsWhyARunEnded() throws Exception {
        deliver(initdata(AgentPolicy.NOTHING), initdata(AgentPolicy.NOTHING));
        boot();
        outside.broker().holding(KEY_PATH, new byte[32]);
        assertRefused(
                RunContainerRequest.newBuilder().setImage("busybox:1"), Status.Code.PERMISSION_DENIED, "key packet");

        outside.broker().holding(KEY_PATH, KEY);
        outside.images().alter(outside.images().layer(0), layer -> {
            layer[5000] ^= 1;
            return layer;
        });
        assertRefused(
                RunContainerRequest.newBuilder().setImage("busybox:1"),
                Status.Code.DATA_LOSS,
                outside.images().layer(0));

        outside.broker().signAsSomebodyElse();
        assertRefused(
                RunContainerRequest.newBuilder().setImage("busybox:1"),
                Status.Code.PERMISSION_DENIED,
                "not from the key-broker that initdata names");
        assertThat(places().work()).isEmptyDirectory();
        assertThat(outside.processor().measurement(MeasurementRegister.REM3)).isEqualTo(new byte[32]);
    }

    @Test
    void endsTheContainerWhenItsCallerLeaves() throws Exception {
        deliver(initdata(AgentPolicy.allowing(Permission.COMMAND)), initdata(AgentPolicy.allowing(Permission.COMMAND)));
        boot();
        RunContainerRequest request = RunContainerRequest.newBuilder()
                .setImage("busybox:1")
                .addCommand("trap 'exit 0' TERM; echo ready; sleep 60 & wait")
                .build();

        Context.CancellableContext call = Context.current().withCancellation();
        Iterator<RunContainerResponse> events = call.wrap(() ->
                        RealmAgentServiceGrpc.newBlockingStub(link.agent()).runContainer(request))
                .call();
        while (!events.next().hasStdout()) {
            assertThat(events).hasNext();
        }
        assertThat(places().work()).isNotEmptyDirectory();
        call.cancel(null);

        while (!isEmpty(places().work())) {
            Thread.onSpinWait();
        }
        assertThat(places().crunState()).isEmptyDirectory();
    }

    @Test
    void opensNoLinkWithInitdataThatIsNotItsOwn() throws Exception {
        deliver(
                initdata(AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT, Permission.EXEC)),
                initdata(AgentPolicy.NOTHING));

        assertThat(boot().get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(outside.processor().poweredOff()).isCompleted();
    }

    @Test
    void powersOffWithoutInitdataOrScratchPage() throws Exception {
        assertThat(boot().get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(outside.processor().poweredOff()).isCompleted();

        assertThat(new RealmBoot(places(), Map.of("REALM_SCRATCH_IPA", "8fff"), InstantSource.system()).run())
                .isFalse();
    }

    @Test
    void turnsTheRealmsOtherProcessorsOn() throws Exception {
        deliver(initdata(AgentPolicy.NOTHING), initdata(AgentPolicy.NOTHING));
        CompletableFuture<Boolean> end = boot(with("REALM_CPUS", "18"));
        link.connected().get(30, TimeUnit.SECONDS);

        assertThat(outside.processor().turnedOn())
                .hasSize(17)
                .startsWith(1L, 2L)
                .endsWith(0xFL, 0x100L, 0x101L);

        link.close();
        assertThat(end.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void powersOffWithoutAPlausibleNumberOfProcessors() throws Exception {
        deliver(initdata(AgentPolicy.NOTHING), initdata(AgentPolicy.NOTHING));

        assertThat(boot(with("REALM_CPUS", "0")).get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(outside.processor().turnedOn()).isEmpty();
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put(name, value);
        return environment;
    }

    private CompletableFuture<Boolean> boot() {
        return boot(ENVIRONMENT);
    }

    private CompletableFuture<Boolean> boot(Map<String, String> environment) {
        RealmBoot boot = new RealmBoot(places(), environment, InstantSource.system());
        return CompletableFuture.supplyAsync(
                boot::run, task -> Thread.ofPlatform().daemon().start(task));
    }

    private List<RunContainerResponse> run(RunContainerRequest.Builder request) {
        List<RunContainerResponse> events = new ArrayList<>();
        RealmAgentServiceGrpc.newBlockingStub(link.agent())
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .runContainer(request.build())
                .forEachRemaining(events::add);
        return events;
    }

    private void assertRefused(RunContainerRequest.Builder request, Status.Code code, String reason) {
        assertThatThrownBy(() -> run(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    /// The host delivers one document; the Realm was created with the digest of another, or the same.
    private void deliver(Initdata delivered, Initdata bound) throws IOException {
        Files.write(places().initdata(), InitdataDisk.write(delivered));
        outside.processor().personalisedWith(bound.personalizationValue());
    }

    private static SecretFile secretFile(String path, String sealed) {
        return SecretFile.newBuilder().setPath(path).setSealed(sealed).build();
    }

    private Initdata initdata(AgentPolicy policy) {
        return initdata(policy, WorkloadFeatures.RESOURCE);
    }

    private Initdata initdata(AgentPolicy policy, WorkloadFeatures features) {
        return new RealmSettings(outside.broker().identity().publicKey(), ImagePolicy.ENCRYPTED_ONLY, policy, features)
                .toInitdata();
    }

    private byte[] extendedByImage() throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        hash.update(new byte[32]);
        return hash.digest(HexFormat.of().parseHex(outside.images().digest().substring("sha256:".length())));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static List<String> steps(List<RunContainerResponse> events) {
        return events.stream()
                .filter(RunContainerResponse::hasStep)
                .map(event -> event.getStep().getStep())
                .toList();
    }

    private static String joined(List<RunContainerResponse> events, RunContainerResponse.EventCase kind) {
        return events.stream()
                .filter(event -> event.getEventCase() == kind)
                .map(event -> (kind == RunContainerResponse.EventCase.STDOUT ? event.getStdout() : event.getStderr())
                        .toStringUtf8())
                .collect(Collectors.joining());
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
