// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmShape;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `realmesh run` and `realmesh realm` against a host that does as the test says.
class RunCommandTest {
    @TempDir
    private Path folder;

    private TestMesh mesh;

    @BeforeEach
    void start() {
        mesh = new TestMesh(folder.resolve("state"));
    }

    @AfterEach
    void stop() {
        mesh.close();
    }

    @Test
    void streamsAndExitCodeAreTheContainersOwn() {
        mesh.host.exits(7);
        assertThat(mesh.realmesh("run", "app:1")).isEqualTo(new Outcome(7, "out\n", "err\n"));
    }

    @Test
    void optionsThatDoNotGoTogetherAreWrongUse() {
        mesh.realmesh("run", "--ulimit", "nofile", "app:1").wrongUse("NAME=SOFT");
        mesh.realmesh("run", "--tmpfs", "/run:uid=1", "app:1").wrongUse("/run:uid=1");
        mesh.realmesh("run", "--restart", "sometimes", "app:1").wrongUse("on-failure:N");
        mesh.realmesh("run", "--restart", "always:3", "app:1").wrongUse("on-failure:N");
        mesh.realmesh("run", "-i", "--json", "app:1").wrongUse("--json");
        mesh.realmesh("run", "--secret-file", "/etc/key=plain", "app:1").wrongUse("/etc/key is not sealed");
        mesh.realmesh("run", "--secret-file", "key=sealed.x", "app:1").wrongUse("no absolute path");
        mesh.realmesh("run", "--realm", "realm-a", "--memory", "1024", "app:1").wrongUse("--memory", "--realm");
        mesh.realmesh("realm", "exec", "realm-a").wrongUse("CMD");
        mesh.realmesh("realm", "stop", "-t", "-1", "realm-a").wrongUse("--time");
        assertThat(mesh.host.requests).isEmpty();
    }

    @Test
    void progressIsOnStandardError() {
        Outcome outcome = mesh.realmesh("run", "app:1", "--progress");
        assertThat(outcome.out()).isEqualTo("out\n");
        assertThat(outcome.err().lines())
                .containsExactly("realm realm-a, RIM 0102", "launch       0.00 s  fine", "err");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void eventsAreLinesOfJson() {
        mesh.host.exits(3);
        Outcome outcome = mesh.realmesh("run", "app:1", "--json");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.lines())
                .containsExactly(
                        "{\"launched\":{\"realmId\":\"realm-a\",\"rim\":\"AQI=\"}}",
                        "{\"step\":{\"step\":\"launch\",\"detail\":\"fine\"}}",
                        "{\"attested\":{\"resultId\":\"result-1\"}}",
                        "{\"stdout\":\"b3V0Cg==\"}",
                        "{\"stderr\":\"ZXJyCg==\"}",
                        "{\"exited\":{\"exitCode\":3}}");
    }

    @Test
    void asksForWhatTheOptionsSay() throws IOException {
        Path initdata = Files.writeString(folder.resolve("initdata.toml"), "text");
        mesh.realmesh(
                "run",
                "-e",
                "A=1",
                "--env",
                "B=2",
                "--decryption-key",
                "kbs:///a/b/c",
                "--memory",
                "640",
                "--cpus",
                "2",
                "--initdata",
                initdata.toString(),
                "host:5000/app:1",
                "--",
                "sh",
                "-c",
                "--help");
        assertThat(mesh.host.requests)
                .containsExactly(RunContainerRequest.newBuilder()
                        .setImage("host:5000/app:1")
                        .addEnvironment("A=1")
                        .addEnvironment("B=2")
                        .addDecryptionKeys("kbs:///a/b/c")
                        .addCommand("sh")
                        .addCommand("-c")
                        .addCommand("--help")
                        .setInitdata(ByteString.copyFromUtf8("text"))
                        .setShape(RealmShape.newBuilder().setMemoryMib(640).setVcpus(2))
                        .build());
    }

    @Test
    void refusalIsOneLine() {
        mesh.host.fails(Status.FAILED_PRECONDITION.withDescription("key-broker: policy\nsays no"));
        mesh.realmesh("run", "app:1").failed("key-broker: policy says no");
    }

    @Test
    void serviceThatIsNotThereIsOneLineThatSaysWhatToDo() {
        mesh.host.fails(Status.UNAVAILABLE.withDescription("key-broker, a challenge: nobody answers"));
        mesh.realmesh("run", "app:1").failed("key-broker, a challenge: nobody answers", "try again");
    }

    @Test
    void failureIsTheLastLineBehindTheProgress() {
        mesh.host.fails(Status.ABORTED.withDescription("Realm ended"));
        Outcome outcome = mesh.realmesh("run", "app:1", "--progress");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err().lines())
                .containsExactly("realm realm-a, RIM 0102", "launch       0.00 s  fine", "realmesh: Realm ended");
    }

    @Test
    void runWithoutAnExitCodeFailed() {
        mesh.host.exits(-1);
        Outcome outcome = mesh.realmesh("run", "app:1");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("realmesh: the run ended without an exit code");
    }

    @Test
    void serviceThatTheEdgeDoesNotHaveIsNamed() {
        Outcome.of(Map.of("REALMESH_ENDPOINT", "http://" + mesh.registry()), "run", "app:1")
                .failed(mesh.registry() + ": does not serve this");
    }

    @Test
    void realmsAreListedShownAndRemoved() {
        mesh.host.realms.add(realm("realm-a"));
        mesh.host.realms.add(realm("realm-b"));
        assertThat(mesh.realmesh("realm", "list").done().lines())
                .containsExactly(
                        "realm-a  1970-01-01T00:00:01Z  ACTIVE      app:1",
                        "realm-b  1970-01-01T00:00:01Z  ACTIVE      app:1");
        String json = "{\"realmId\":\"realm-b\",\"image\":\"app:1\","
                + "\"createdAt\":\"1970-01-01T00:00:01Z\",\"state\":\"ACTIVE\"}";
        assertThat(mesh.realmesh("realm", "list", "--json").done().lines())
                .hasSize(2)
                .contains(json);
        assertThat(mesh.realmesh("realm", "show", "realm-b", "--json").done().lines())
                .singleElement()
                .asString()
                .startsWith("{\"realm\":" + json + ",\"rmmState\":\"ACTIVE\"");

        assertThat(mesh.realmesh("realm", "remove", "realm-b").done().out()).isEmpty();

        assertThat(mesh.host.realms).extracting(Realm::getRealmId).containsExactly("realm-a");
        mesh.realmesh("realm", "remove", "realm-b").failed("Realm realm-b: not on this host");
        mesh.realmesh("realm", "show", "realm-b").failed("Realm realm-b: not on this host");
    }

    @Test
    void realmIsShownAndWatchedReadably() {
        mesh.host.realms.add(realm("realm-a"));

        assertThat(mesh.realmesh("realm", "show", "realm-a").done().lines())
                .containsExactly(
                        "realm      realm-a",
                        "image      app:1",
                        "created    1970-01-01T00:00:01Z",
                        "state      ACTIVE",
                        "RIM        ",
                        "REM[0]     5a01",
                        "REM[1]     zero",
                        "IPA space  41 bits",
                        "tables     level 1: 2, level 3: 60",
                        "memory     3 MiB its own, 0 MiB shared",
                        "REC 0      running",
                        "REC 1      waiting for psci",
                        "exits      IRQ: 3");
        assertThat(mesh.realmesh("realm", "watch", "realm-a").done().lines())
                .containsExactly(
                        "realm-a  ACTIVE      running, waiting for psci  exits IRQ: 3  REM[0] 5a01",
                        "realm-a  SYSTEM_OFF  running, waiting for psci  exits IRQ: 3, PSCI: 1  REM[0] 5a01");
        assertThat(mesh.realmesh("realm", "watch", "realm-a", "--json").done().lines())
                .hasSize(2);
    }

    private static Realm realm(String id) {
        return Realm.newBuilder()
                .setRealmId(id)
                .setImage("app:1")
                .setState("ACTIVE")
                .setCreatedAt(Timestamps.fromSeconds(1))
                .build();
    }
}
