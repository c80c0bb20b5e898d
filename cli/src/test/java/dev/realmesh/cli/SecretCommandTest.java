// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `realmesh secret` with a real key-broker.
class SecretCommandTest {
    private static final byte[] SECRET = {1, 2, 3};

    @TempDir
    private static Path folder;

    private static TestMesh mesh;

    @BeforeAll
    static void start() {
        mesh = new TestMesh(folder.resolve("state"));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void removeAll() {
        mesh.realmesh("secret", "list")
                .lines()
                .forEach(path -> mesh.realmesh("secret", "remove", path).done());
    }

    @Test
    void storesListsAndRemovesSecrets() {
        assertThat(mesh.realmesh(SECRET, "secret", "put", "default/key/b", "-")
                        .done()
                        .out())
                .isEmpty();
        mesh.realmesh(SECRET, "secret", "put", "kbs:///default/key/a", "-").done();

        assertThat(mesh.realmesh("secret", "list").done().lines()).containsExactly("default/key/a", "default/key/b");

        mesh.realmesh("secret", "remove", "kbs:///default/key/b").done();
        assertThat(mesh.realmesh("secret", "list").done().lines()).containsExactly("default/key/a");
    }

    @Test
    void speaksJson() {
        assertThat(mesh.realmesh(SECRET, "secret", "put", "a/b/c", "-", "--json")
                        .done()
                        .lines())
                .containsExactly("{\"path\":\"a/b/c\"}");
        assertThat(mesh.realmesh("secret", "list", "--json").done().lines()).containsExactly("{\"path\":\"a/b/c\"}");
        assertThat(mesh.realmesh("secret", "remove", "a/b/c", "--json").done().lines())
                .containsExactly("{\"path\":\"a/b/c\"}");
    }

    @Test
    void secretMayBeAFile() throws IOException {
        Path file = Files.write(folder.resolve("secret"), SECRET);
        mesh.realmesh("secret", "put", "a/b/c", file.toString()).done();
        assertThat(mesh.realmesh("secret", "list").done().lines()).containsExactly("a/b/c");
    }

    @Test
    void showsTheAuditLogAndKeepsItsEnd() throws IOException {
        Path head = folder.resolve("head");
        mesh.realmesh(SECRET, "secret", "put", "default/key/audited", "-").done();

        assertThat(mesh.realmesh("secret", "audit", "--head", head.toString())
                        .done()
                        .lines())
                .anySatisfy(line -> assertThat(line)
                        .contains("put", "done", "admin:admin-token", "default/key/audited", "version 1"))
                .last()
                .asString()
                .isEqualTo("whole: " + Files.readString(head).strip());

        mesh.realmesh(SECRET, "secret", "put", "default/key/audited", "-").done();
        assertThat(mesh.realmesh("secret", "audit", "--json", "--head", head.toString())
                        .done()
                        .lines())
                .last()
                .asString()
                .contains("\"action\":\"put\"", "\"detail\":\"version 2\"");

        String kept = Files.readString(head);
        Files.writeString(
                head, kept.replace(kept.charAt(kept.length() - 2), kept.charAt(kept.length() - 2) == '0' ? '1' : '0'));
        Outcome changed = mesh.realmesh("secret", "audit", "--head", head.toString());
        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.out()).doesNotContain("whole:");
        assertThat(changed.err()).contains("has no longer the end that was kept");
    }

    @Test
    void refusesASecretThatIsEmptyOrTooLarge() {
        mesh.realmesh("secret", "put", "a/b/c", "-").failed("secret of -: 0 bytes (expected: 1 to 1 MiB)");
        mesh.realmesh(new byte[(1 << 20) + 1], "secret", "put", "a/b/c", "-").failed("expected: 1 to 1 MiB");
        assertThat(mesh.realmesh("secret", "list").done().out()).isEmpty();
    }

    @Test
    void saysThatThereIsNothingToRemove() {
        mesh.realmesh("secret", "remove", "a/b/none").failed("a/b/none");
    }

    @Test
    void needsTheAdministratorsToken() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.token"), "x".repeat(43));
        mesh.realmesh("secret", "list", "--admin-token-file", wrong.toString()).failed("token");
        mesh.realmesh("secret", "list", "--admin-token-file", "nowhere.token")
                .failed("no administrator token: cannot read nowhere.token", "--admin-token-file");
        Outcome.of(Map.of("REALMESH_STATE", folder.toString()), "secret", "list", "--endpoint", mesh.endpoint())
                .failed("no administrator token", "--admin-token-file");
    }

    @Test
    void theTokenAndTheMeshMayBeNamed() {
        Outcome.of(
                        Map.of(),
                        "secret",
                        "list",
                        "--endpoint",
                        mesh.endpoint(),
                        "--admin-token-file",
                        mesh.adminToken("key-broker").toString())
                .done();
    }
}
