// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `realmesh secret policy` with a real key-broker.
class ResourcePolicyCommandTest {
    private static final String POLICY = "data['resource-path'][0] == 'team-a'\n";
    private static final String EAR =
            Vectors.path("coco/kbs-http/ear-cca.claims.json").toString();

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
    void putsListsShowsActivatesRollsBackAndRemoves() {
        String first = put();
        String second = put();
        assertThat(policy("list").done().lines())
                .satisfiesExactly(
                        newest -> assertThat(newest).startsWith(second).endsWith("resource-policy 2"),
                        oldest -> assertThat(oldest).startsWith(first).endsWith("resource-policy 1"));
        assertThat(policy("show", first).done().out()).isEqualTo(POLICY);

        policy("activate", first).done();
        policy("activate", second).done();
        assertThat(active()).startsWith(second);
        assertThat(policy("rollback").done().out()).startsWith(first);
        policy("activate", second).done();
        assertThat(policy("rollback", "--to", "1").done().out()).startsWith(first);
        assertThat(active()).startsWith(first);
        policy("remove").done();
        assertThat(policy("list").done().out()).doesNotContain(" active ");
        policy("rollback").failed("policy in force: no such version before it");
    }

    @Test
    void printsJson() {
        String id = put();
        for (Outcome outcome :
                List.of(policy("list", "--json"), policy("show", id, "--json"), policy("activate", id, "--json"))) {
            assertThat(outcome.done().lines()).singleElement().asString().startsWith("{\"policyId\":\"" + id);
        }
    }

    @Test
    void saysWhatAPolicyWouldReleaseAndWhy() throws IOException {
        String file = Files.writeString(folder.resolve("policy.cel"), POLICY).toString();
        Path good = Files.writeString(
                folder.resolve("ear.json"),
                Files.readString(Path.of(EAR)).replace("\"executables\": 3", "\"executables\": 2"));

        assertThat(policy("try", "team-a/key/1", "--ear", good.toString(), "--file", file)
                        .done()
                        .lines())
                .containsExactly("broker  allows", "policy  allows", "allow");
        Outcome refused = policy("try", "kbs:///team-b/key/1", "--ear", EAR, "--policy", put());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.lines().getFirst()).startsWith("broker  refuses: appraisal: an extensible measurement");
        assertThat(refused.lines()).endsWith("policy  refuses: is false", "deny");
        assertThat(policy("try", "team-a/key/1", "--ear", good.toString(), "--file", file, "--json")
                        .done()
                        .lines())
                .singleElement()
                .asString()
                .contains("\"allowed\":true");
        assertThat(policy("list").done().lines()).hasSize(1);
    }

    @Test
    void saysThatRegoNeedsAnOpa() throws IOException {
        String rules =
                Files.writeString(folder.resolve("p.rego"), "package policy\n").toString();

        policy("put", rules).failed("no OPA is configured (expected: key-broker.opa.url");
        policy("put", rules, "--language", "cel").failed("policy: ");
        assertThat(policy("list").done().out()).isEmpty();
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        String file = Files.writeString(folder.resolve("policy.cel"), "1 + 1").toString();
        policy("put", file).failed("policy: expected type 'bool' but found 'int', line 1, column 3");
        policy("show", "absent").failed("policy 'absent': none of this id");
        policy("activate", "absent").failed("policy 'absent': none of this id");
        policy("try", "a/b/c", "--ear", file, "--file", file).failed("ear: ");
        assertThat(policy("try", "a/b", "--ear", EAR, "--file", file).exitCode())
                .isEqualTo(2);
        assertThat(policy("try", "a/b/c", "--ear", EAR).exitCode()).isEqualTo(2);
        assertThat(policy("try", "a/b/c", "--file", file).exitCode()).isEqualTo(2);
        assertThat(policy("list").done().out()).isEmpty();
    }

    private Outcome policy(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "secret";
        all[1] = "policy";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return mesh.realmesh(all);
    }

    private String put() {
        String line = mesh.realmesh(POLICY.getBytes(UTF_8), "secret", "policy", "put", "-")
                .done()
                .out();
        return line.substring(0, 36);
    }

    private String active() {
        return policy("list").done().lines().stream()
                .filter(line -> line.contains(" active "))
                .findFirst()
                .orElseThrow();
    }
}
