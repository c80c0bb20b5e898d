// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins that an auth file leaves to programs: the protocol of docker-credential-helpers, with shell scripts.
@Timeout(180)
class CredentialHelpersTest {
    private static final String NOT_FOUND = "echo credentials not found in native keychain; exit 1";

    @TempDir
    Path folder;

    private Path programs;

    @BeforeEach
    void makePath() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
    }

    @Test
    void asksByTheProtocol() throws IOException {
        program(
                "pass",
                "[ \"$*\" = get ] && read -r server; echo \"{\\\"ServerURL\\\":\\\"$server\\\","
                        + "\\\"Username\\\":\\\"$WHO at $server\\\",\\\"Secret\\\":\\\"secret\\\"}\"");

        assertThat(find("{'credHelpers':{'quay.io':'pass'}}", "quay.io"))
                .contains(new Login.Basic("quay.io with the credential helper pass", "me at quay.io", "secret"));
    }

    @Test
    void userOfATokenIsTheToken() throws IOException {
        program("pass", answering("<token>"));

        assertThat(find("{'credHelpers':{'quay.io':'pass'}}", "quay.io"))
                .contains(new Login.IdentityToken("quay.io with the credential helper pass", "of <token>"));
    }

    /// `credHelpers` comes first; the file's own entries are before `credsStore`, whose server is the entry's.
    @ParameterizedTest
    @CsvSource({
        "quay.io, helped quay.io",
        "ghcr.io, inline",
        "empty.example, stored empty.example",
        "old.example, stored https://old.example/v1/",
        "unheard.example, stored unheard.example",
        "docker.io, stored https://index.docker.io/v1/",
    })
    void takesTheFirstThatIsFor(String registry, String user) throws IOException {
        program("helper", "echo \"{\\\"Username\\\":\\\"helped $(cat)\\\",\\\"Secret\\\":\\\"x\\\"}\"");
        program("store", "echo \"{\\\"Username\\\":\\\"stored $(cat)\\\",\\\"Secret\\\":\\\"x\\\"}\"");
        String file = "{'auths':{'quay.io':{'auth':'aW5saW5lOng='},'ghcr.io':{'auth':'aW5saW5lOng='},"
                + "'empty.example':{},'https://old.example/v1/':{}},"
                + "'credHelpers':{'quay.io':'helper'},'credsStore':'store'}";

        assertThat(find(file, registry).map(Login.Basic.class::cast).map(Login.Basic::user))
                .contains(user);
    }

    @Test
    void helperOfDockerHubIsAskedByItsEntry() throws IOException {
        program("hub", "echo \"{\\\"Username\\\":\\\"$(cat)\\\",\\\"Secret\\\":\\\"x\\\"}\"");

        assertThat(find("{'credHelpers':{'https://index.docker.io/v1/':'hub'}}", "docker.io")
                        .map(Login.Basic.class::cast)
                        .map(Login.Basic::user))
                .contains("https://index.docker.io/v1/");
    }

    @ParameterizedTest
    @ValueSource(strings = {NOT_FOUND, "echo '{\"ServerURL\":\"quay.io\",\"Username\":\"\",\"Secret\":\"\"}'"})
    void nextFileCountsWhereThereIsNoLogin(String script) throws IOException {
        program("pass", script);
        Path first = write("first", "{'credHelpers':{'quay.io':'pass'},'credsStore':'pass'}");
        Path second = write("second", "{'auths':{'quay.io':{'auth':'c2Vjb25kOng='}}}");
        AuthFiles files = new AuthFiles(List.of(first, second)).withHelpers(helpers());

        assertThat(files.find("quay.io", "app").map(Login.Basic.class::cast).map(Login.Basic::user))
                .contains("second");
        assertThat(files.find("ghcr.io", "app")).isEmpty();
    }

    @Test
    void programThatIsNotThereIsToldWhereALoginIsWithIt() throws IOException {
        String file = "{'auths':{'ghcr.io':{}},'credHelpers':{'quay.io':'gone'},'credsStore':'gone'}";

        assertRefused(file, "quay.io", "not on the PATH (expected: a program docker-credential-gone");
        assertRefused(file, "ghcr.io", "not on the PATH (expected: a program docker-credential-gone");
        assertThat(find(file, "unheard.example")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/evil", "a b", "", "$(evil)"})
    void nothingIsRunByAnotherNameThanAHelpers(String name) throws IOException {
        Path seen = folder.resolve("seen");
        script(folder.resolve("evil"), "touch " + seen);
        script(Files.createDirectory(programs.resolve("docker-credential-..")).resolve("evil"), "touch " + seen);

        assertRefused("{'credHelpers':{'quay.io':'" + name + "'}}", "quay.io", "not on the PATH");
        assertThat(seen).doesNotExist();
    }

    @Test
    void hereIsNotOnThePath() throws IOException {
        program("pass", answering("me"));
        Path here = Path.of("").toAbsolutePath().relativize(programs);
        CredentialHelpers relative = new CredentialHelpers(Map.of("PATH", here + "::"), Duration.ofSeconds(30));
        AuthFiles files =
                new AuthFiles(List.of(write("auth.json", "{'credHelpers':{'quay.io':'pass'}}"))).withHelpers(relative);

        assertThatThrownBy(() -> files.find("quay.io", "app")).hasMessageContaining("not on the PATH");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "echo the secret | its answer for quay.io is not readable (expected: JSON",
                "echo '{\"Username\":\"me\",\"Secret\":[\"secret\"]}' | its answer for quay.io is not readable",
                "yes secret | exit code ",
                "head -c 100000 /dev/zero; echo secret | for quay.io",
                "echo the secret; echo the secret >&2; exit 3 | exit code 3 for quay.io (expected: a login; see what",
            })
    void saysWhatIsWrongAndNoSecret(String script, String message) throws IOException {
        program("pass", script);

        assertThatThrownBy(() -> find("{'credHelpers':{'quay.io':'pass'}}", "quay.io"))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageStartingWith("auth file " + folder.resolve("auth.json") + ": credential helper pass: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void programThatHangsIsEnded() throws IOException {
        Path pid = folder.resolve("pid");
        program("pass", "sleep 600 & echo $! >" + pid + "; wait");
        CredentialHelpers impatient = new CredentialHelpers(environment(), Duration.ofSeconds(1));
        AuthFiles files =
                new AuthFiles(List.of(write("auth.json", "{'credHelpers':{'quay.io':'pass'}}"))).withHelpers(impatient);

        assertThatThrownBy(() -> files.find("quay.io", "app"))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageContaining("credential helper pass: no answer for quay.io within 1 s");
        Optional<ProcessHandle> sleeping =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        sleeping.ifPresent(process -> process.onExit().join());
    }

    private Optional<Login> find(String file, String registry) throws IOException {
        return AuthFiles.of(write("auth.json", file)).withHelpers(helpers()).find(registry, "app");
    }

    private void assertRefused(String file, String registry, String message) {
        assertThatThrownBy(() -> find(file, registry))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageContaining(message);
    }

    private CredentialHelpers helpers() {
        return CredentialHelpers.of(environment());
    }

    private Map<String, String> environment() {
        return Map.of("PATH", programs + ":/usr/bin:/bin", "WHO", "me");
    }

    private Path write(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), json.replace('\'', '"'));
    }

    private void program(String name, String script) throws IOException {
        script(programs.resolve("docker-credential-" + name), script);
    }

    private static void script(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static String answering(String user) {
        return "echo '{\"Username\":\"" + user + "\",\"Secret\":\"of " + user + "\"}'";
    }
}
