// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.OciDigest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Users and passwords at the registry's door.
class AccountsTest {
    /// From the tests of golang.org/x/crypto/bcrypt.
    private static final String ALLMINE = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

    private static final byte[] BLOB = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final OciDigest DIGEST = OciDigest.of(BLOB);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("htpasswd"), "# people\n\nme:" + ALLMINE + "\n");
    }

    @Test
    void admitsWhoeverHasTheFilesPassword() throws IOException {
        Accounts accounts = Accounts.in(file);

        for (int i = 0; i < 2; i++) {
            assertThat(accounts.verdict(basic("me:allmine"))).isEqualTo(Accounts.Verdict.ADMITTED);
            assertThat(accounts.verdict(basic("me:allmin"))).isEqualTo(Accounts.Verdict.REFUSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"me:", "me:other", "you:allmine", "me", ":allmine", ":", "", "ME:allmine"})
    void refusesOthers(String userAndPassword) throws IOException {
        assertThat(Accounts.in(file).verdict(basic(userAndPassword))).isEqualTo(Accounts.Verdict.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic !", "Bearer bWU6YWxsbWluZQ==", "bWU6YWxsbWluZQ=="})
    void refusesOtherHeaders(String header) throws IOException {
        Accounts accounts = Accounts.in(file);

        assertThat(accounts.verdict(Optional.of(header))).isEqualTo(Accounts.Verdict.REFUSED);
        assertThat(accounts.verdict(Optional.empty())).isEqualTo(Accounts.Verdict.REFUSED);
    }

    @Test
    void readsTheFileAgainWhenItChanges() throws IOException {
        Accounts accounts = Accounts.in(file);
        assertThat(accounts.verdict(basic("me:allmine"))).isEqualTo(Accounts.Verdict.ADMITTED);

        change("you:" + ALLMINE + "\n", 1);
        assertThat(accounts.verdict(basic("me:allmine"))).isEqualTo(Accounts.Verdict.REFUSED);
        assertThat(accounts.verdict(basic("you:allmine"))).isEqualTo(Accounts.Verdict.ADMITTED);

        change("broken\n", 2);
        assertThat(accounts.verdict(basic("you:allmine"))).isEqualTo(Accounts.Verdict.ADMITTED);
        Files.delete(file);
        assertThat(accounts.verdict(basic("you:allmine"))).isEqualTo(Accounts.Verdict.ADMITTED);
        assertThat(accounts.verdict(basic("me:allmine"))).isEqualTo(Accounts.Verdict.REFUSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "me | line 1: not USER:BCRYPT-HASH",
                "me:$apr1$ZjTqBB3f$IF9gdYAGlMrs2fuINjHsz. | line 1: not USER:BCRYPT-HASH",
                "me:$2y$16$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga | of a cost of 4 to 15",
                "me:$2y$03$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga | of a cost of 4 to 15",
            })
    void refusesFilesThatAreNone(String line, String message) throws IOException {
        Files.writeString(file, line + "\n");

        assertThatThrownBy(() -> Accounts.in(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesAUserTwice() throws IOException {
        Files.writeString(file, "me:" + ALLMINE + "\nme:" + ALLMINE + "\n");

        assertThatThrownBy(() -> Accounts.in(file)).hasMessageContaining("line 2: a user for the second time");
    }

    @Test
    void nobodyElsePushesOrPulls() throws IOException, InterruptedException {
        try (RegistryUnderTest registry = new RegistryUnderTest(
                folder.resolve("store"), new RegistryLimits(1 << 20, 4, 1 << 20), Accounts.in(file))) {
            HttpResponse<String> anonymous = registry.push(BLOB, DIGEST);
            assertThat(anonymous.statusCode()).isEqualTo(401);
            assertThat(anonymous.headers().firstValue("WWW-Authenticate"))
                    .contains("Basic realm=\"realmesh registry\", charset=\"UTF-8\"");
            assertThat(anonymous.body()).contains("\"code\":\"UNAUTHORIZED\"");
            assertThat(registry.get("/v2/").statusCode()).isEqualTo(401);
            assertThat(registry.get("/elsewhere").statusCode()).isEqualTo(401);
            assertThat(registry.registry.blobs().find(DIGEST)).isEmpty();

            HttpResponse<String> pushed =
                    registry.send(with("me:allmine", registry.request("/v2/x/blobs/uploads/?digest=" + DIGEST))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(BLOB)));
            assertThat(pushed.statusCode()).isEqualTo(201);
            assertThat(registry.get("/v2/x/blobs/" + DIGEST).statusCode()).isEqualTo(401);
            HttpResponse<String> pulled = registry.send(with("me:allmine", registry.request("/v2/x/blobs/" + DIGEST))
                    .GET());
            assertThat(pulled.body()).isEqualTo("0123456789");
        }
    }

    private void change(String content, int second) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000L));
    }

    private static HttpRequest.Builder with(String userAndPassword, HttpRequest.Builder request) {
        return request.header("Authorization", basic(userAndPassword).orElseThrow());
    }

    private static Optional<String> basic(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
    }
}
