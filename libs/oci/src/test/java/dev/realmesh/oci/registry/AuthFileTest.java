// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which login an auth file has for what: containers-auth.json(5), and Docker's config.json.
class AuthFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "quay.io, team/app, team-app",
        "quay.io, team/other, team",
        "quay.io, team/app/part, team-app",
        "quay.io, team2/app, quay",
        "quay.io, app, quay",
        "docker.io, library/alpine, hub",
        "localhost:5000, app, local",
        "old.example, app, old",
        "lonely.example, space/app, lonely",
        "lonely.example, app, ''",
        "example.org, app, ''",
        "io, app, ''",
    })
    void longestEntryCounts(String registry, String repository, String user) throws IOException {
        AuthFiles files = write(entries(
                "quay.io", "quay",
                "quay.io/team", "team",
                "quay.io/team/app", "team-app",
                "https://index.docker.io/v1/", "hub",
                "localhost:5000", "local",
                "http://old.example/v1/", "old",
                "lonely.example/space", "lonely"));

        assertThat(files.find(registry, repository))
                .map(login -> ((Login.Basic) login).user())
                .isEqualTo(Optional.of(user).filter(name -> !name.isEmpty()));
    }

    @Test
    void documentIsGotEachTimeAndSaysWhereItIs() {
        AtomicReference<String> content = new AtomicReference<>(entries("quay.io/team", "me"));
        AuthDocument document =
                new AuthDocument("kbs:///a/b/c", () -> content.get().getBytes(StandardCharsets.UTF_8));

        assertThat(document.has(Reference.parse("quay.io/team/app:1"))).isTrue();
        assertThat(document.has(Reference.parse("quay.io/other/app:1"))).isFalse();
        assertThat(document).hasToString("logins of kbs:///a/b/c");

        content.set("broken");
        assertThatThrownBy(() -> document.has(Reference.parse("quay.io/team/app:1")))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageStartingWith("auth file kbs:///a/b/c: not readable");
    }

    @Test
    void readsUserAndPassword() throws IOException {
        AuthFiles files = write("{\"auths\":{\"quay.io\":{\"auth\":\"" + base64("me:pass:word\0") + "\"}}}");

        assertThat(files.find("quay.io", "app")).contains(new Login.Basic("quay.io", "me", "pass:word"));
    }

    @Test
    void readsIdentityToken() throws IOException {
        AuthFiles files =
                write("{\"auths\":{\"quay.io\":{\"auth\":\"" + base64("me:") + "\",\"identitytoken\":\"refresh\"}}}");

        assertThat(files.find("quay.io", "app")).contains(new Login.IdentityToken("quay.io", "refresh"));
    }

    @Test
    void takesTheFirstFileThatHasOne() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), entries("quay.io", "first"));
        Path second = Files.writeString(folder.resolve("second"), entries("quay.io", "second", "ghcr.io", "second"));
        AuthFiles files = new AuthFiles(List.of(folder.resolve("none"), first, second));

        assertThat(files.find("quay.io", "app"))
                .map(login -> ((Login.Basic) login).user())
                .contains("first");
        assertThat(files.find("ghcr.io", "app"))
                .map(login -> ((Login.Basic) login).user())
                .contains("second");
    }

    @Test
    void refusesWhatIsWithCredentialHelpers() throws IOException {
        AuthFiles files = write(
                "{\"auths\":{\"ghcr.io\":{}},\"credHelpers\":{\"quay.io\":\"pass\"}," + "\"credsStore\":\"desktop\"}");

        assertThatThrownBy(() -> files.find("quay.io", "app"))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageContaining("the login for quay.io is with the credential helper pass");
        assertThatThrownBy(() -> files.find("ghcr.io", "app")).hasMessageContaining("helper desktop");
        assertThat(files.find("docker.io", "library/alpine")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "secret | not readable",
                "{\"auths\":\"secret\"} | not readable",
                "{\"auths\":{\"quay.io\":\"secret\"}} | auths.quay.io: not {\"auth\": …}",
                "{\"auths\":{\"quay.io\":{\"auth\":\"secret!\"}}} | auths.quay.io.auth: not readable",
                "{\"auths\":{\"quay.io\":{\"auth\":\"c2VjcmV0\"}}} | auths.quay.io.auth: not readable",
            })
    void saysWhatIsWrongAndNoSecret(String content, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("auth.json"), content);

        assertThatThrownBy(() -> AuthFiles.of(file).find("quay.io", "app"))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageStartingWith("auth file " + file + ": " + message)
                .hasMessageNotContaining("ecret");
    }

    @Test
    void wantsANamedFileToBeThere() {
        assertThatThrownBy(() -> AuthFiles.of(folder.resolve("none")))
                .isInstanceOf(RegistryClientException.BadAuthFile.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void textsOfLoginsTellNothing() {
        assertThat(new Login.Basic("quay.io", "me", "secret")).hasToString("login for quay.io");
        assertThat(new Login.IdentityToken("quay.io", "secret")).hasToString("identity token for quay.io");
        assertThat(Authorization.of(new Login.Basic("quay.io", "me", "secret")).toString())
                .doesNotContain("Basic", "me:");
    }

    private AuthFiles write(String json) throws IOException {
        return AuthFiles.of(Files.writeString(folder.resolve("auth.json"), json));
    }

    private static String entries(String... keysAndUsers) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < keysAndUsers.length; i += 2) {
            json.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(keysAndUsers[i])
                    .append("\":{\"auth\":\"")
                    .append(base64(keysAndUsers[i + 1] + ":x"))
                    .append("\"}");
        }
        return "{\"auths\":{" + json + "}}";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
