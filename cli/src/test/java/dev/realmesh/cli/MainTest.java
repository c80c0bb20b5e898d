// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line's contract that all commands share: exit codes, one line of complaint, help, common options.
class MainTest {
    private static final int NOBODY = 1;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "                                    | command        | realmesh",
                "frobnicate                          | frobnicate     | realmesh",
                "realm                               | command        | realmesh realm",
                "attestation list --nonsense         | --nonsense     | realmesh attestation list",
                "attestation list --status good      | --status       | realmesh attestation list",
                "attestation list --limit 0          | --limit: 0     | realmesh attestation list",
                "attestation show                    | RESULT         | realmesh attestation show",
                "run                                 | IMAGE          | realmesh run",
                "run UPPER                           | repository     | realmesh run",
                "run app --memory lots               | --memory       | realmesh run",
                "run app --endpoint ftp://x          | --endpoint     | realmesh run",
                "realm list --endpoint nonsense      | --endpoint     | realmesh realm list",
                "secret put one/two key              | resource path  | realmesh secret put",
                "secret remove a/b/../c              | resource path  | realmesh secret remove",
                "image encrypt oci:a oci:b           | --recipient    | realmesh image encrypt",
                "image encrypt oci:a oci:b --recipient pgp:x | jwe:FILE | realmesh image encrypt",
                "image encrypt oci:a oci:b --key file | --key: file   | realmesh image encrypt",
                "image inspect UPPER                 | repository     | realmesh image inspect",
                "image inspect app --endpoint ftp://x | --endpoint    | realmesh image inspect",
                "token verify token.cbor             | --trust-anchors | realmesh token verify"
            })
    void wrongUseEndsWithTwoAndOneLine(String arguments, String says, String command) {
        String line = arguments == null ? "" : arguments;
        Outcome outcome = realmesh(line.isEmpty() ? new String[0] : line.split(" +"));
        assertThat(outcome.err()).containsIgnoringCase(says);
        outcome.wrongUse("(see: " + command + " --help)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "up",
                "run",
                "realm list",
                "realm show",
                "realm remove",
                "image encrypt",
                "image push",
                "image pull",
                "image inspect",
                "secret put",
                "secret list",
                "secret remove",
                "attestation list",
                "attestation show",
                "attestation watch",
                "attestation policy put",
                "attestation policy list",
                "attestation policy show",
                "attestation policy activate",
                "attestation policy try",
                "token decode",
                "token verify"
            })
    void helpNamesTheCommonOptions(String command) {
        Outcome help = realmesh((command + " --help").split(" ")).done();
        assertThat(help.out()).startsWith("Usage: realmesh ").contains("--json", "--help");
        if (!command.matches("demo|up|token .*")) {
            assertThat(help.out()).contains("--endpoint");
        }
    }

    @Test
    void versionIsOnStandardOutput() {
        assertThat(realmesh("--version").done().out()).startsWith("realmesh ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run app",
                "realm list",
                "realm remove realm-a",
                "attestation list",
                "attestation show result",
                "attestation watch"
            })
    void saysThatNoMeshAnswers(String command) {
        realmesh((command + " --endpoint http://127.0.0.1:" + NOBODY).split(" "))
                .failed("no mesh answers at http://127.0.0.1:1", "realmesh up");
    }

    @Test
    void findsTheMeshByTheEnvironment() {
        Outcome.of(Map.of("REALMESH_ENDPOINT", "http://127.0.0.1:" + NOBODY), "realm", "list")
                .failed("no mesh answers at http://127.0.0.1:1");
    }

    @Test
    void findsTheMeshThatIsUpHere() throws IOException {
        Files.writeString(
                folder.resolve("endpoints.json"),
                "{\"edge\":\"http://127.0.0.1:1\",\"registry\":\"http://127.0.0.1:2\"}");
        realmesh("realm", "list").failed("no mesh answers at http://127.0.0.1:1");
        realmesh("image", "inspect", "app").failed("127.0.0.1:2");
    }

    @Test
    void saysWhichFileIsNotThere() {
        realmesh("token", "decode", "nowhere.cbor").failed("nowhere.cbor: no such file");
        realmesh("run", "app", "--initdata", "nowhere.toml").failed("nowhere.toml: no such file");
        realmesh("secret", "put", "a/b/c", "nowhere.key").failed("nowhere.key: no such file");
    }

    private Outcome realmesh(String... arguments) {
        return Outcome.of(Map.of("REALMESH_STATE", folder.toString()), arguments);
    }
}
