// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.ManualClock;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.storage.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real server, where OpenBao's `bao` or HashiCorp's `vault` is installed: it takes and gives what [VaultUnderTest]
/// does.
@Timeout(120)
class InstalledVaultTest {
    private static final ResourcePath PATH = ResourcePath.parse("default/key/k1");
    private static final String ROOT = "root-of-a-test";

    @TempDir
    private static Path folder;

    private static String command;
    private static String address;
    private static Path ca;
    private static Process server;
    private static VaultConfig.AppRole role;

    private final ManualClock clock = new ManualClock();

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> installed = Stream.of("bao", "vault")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":", -1)).map(each -> Path.of(each, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(installed.isPresent(), "neither bao nor vault is installed");
        command = installed.get().toString();
        int port = freePort();
        address = "https://127.0.0.1:" + port;
        Path certificates = Files.createDirectory(folder.resolve("certificates"));
        ca = certificates.resolve("vault-ca.pem");
        server = new ProcessBuilder(
                        command,
                        "server",
                        "-dev",
                        "-dev-tls",
                        "-dev-tls-cert-dir=" + certificates,
                        "-dev-no-store-token",
                        "-dev-root-token-id=" + ROOT,
                        "-dev-listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        awaitServer();
        run("secrets", "enable", "-path=kv1", "-version=1", "kv");
        run("secrets", "enable", "-path=kv2", "-version=2", "kv");
        run("secrets", "enable", "transit");
        run("write", "-f", "transit/keys/realmesh");
        Files.writeString(folder.resolve("broker.hcl"), """
                path "kv1/*" { capabilities = ["create", "read", "update", "delete", "list"] }
                path "kv2/*" { capabilities = ["create", "read", "update", "delete", "list"] }
                path "transit/encrypt/realmesh" { capabilities = ["update"] }
                path "transit/decrypt/realmesh" { capabilities = ["update"] }
                path "transit/rewrap/realmesh" { capabilities = ["update"] }
                """);
        run("policy", "write", "broker", folder.resolve("broker.hcl").toString());
        run("auth", "enable", "approle");
        run("write", "auth/approle/role/broker", "token_policies=broker", "token_ttl=10m", "token_max_ttl=1h");
        Path secretId = Files.createFile(
                folder.resolve("secret-id"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secretId, run("write", "-f", "-field=secret_id", "auth/approle/role/broker/secret-id"));
        String roleId = run("read", "-field=role_id", "auth/approle/role/broker/role-id");
        role = new VaultConfig.AppRole("approle", roleId.strip(), secretId);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keepsSecretsThatItsOwnCommandReadsAndWrites(int engineVersion) throws Exception {
        VaultConfig.Kv kv = new VaultConfig.Kv("kv" + engineVersion, engineVersion);
        try (Database database = Database.openSqlite(
                        Files.createFile(folder.resolve("audit-" + engineVersion)), KeyBroker.MIGRATIONS);
                VaultConnection vault = connect(Optional.of(kv), Optional.empty())) {
            var resources = new VaultResourceRepository(vault, kv, new AuditLog(database, clock), database);
            assertThat(resources.list()).isEmpty();
            assertThat(resources.find(PATH)).isEmpty();
            assertThat(resources.putNew(PATH, secret("one"), "admin:a")).isTrue();
            assertThat(resources.putNew(PATH, secret("two"), "admin:a")).isFalse();
            assertThat(run("kv", "get", "-field=data", kv.mount() + "/" + PATH))
                    .isEqualToIgnoringWhitespace("[111 110 101]");

            run("kv", "put", kv.mount() + "/" + PATH, "data=by hand");
            assertThat(text(resources)).isEqualTo("by hand");
            resources.put(PATH, secret("three"), "admin:a");
            assertThat(text(resources)).isEqualTo("three");
            assertThat(resources.list()).containsExactly(PATH);

            if (engineVersion == 2) {
                assertThat(resources.versions(PATH))
                        .extracting(ResourceRepository.Version::number)
                        .containsExactly(3L, 2L, 1L);
                assertThat(resources.restore(PATH, 1, "admin:a")).hasValue(4);
                assertThat(text(resources)).isEqualTo("one");
                run("kv", "delete", kv.mount() + "/" + PATH);
                assertThat(resources.find(PATH)).isEmpty();
            } else {
                assertThatThrownBy(() -> resources.versions(PATH)).isInstanceOf(ResourceException.NoVersions.class);
            }
            assertThat(resources.delete(PATH, "admin:a")).isTrue();
            assertThat(resources.delete(PATH, "admin:a")).isFalse();
        }
    }

    @Test
    void wrapsAndWrapsAnewByTransit() throws Exception {
        VaultConfig.Transit transit = new VaultConfig.Transit("transit", "realmesh");
        byte[] ring = new byte[64];
        Arrays.fill(ring, (byte) 9);
        try (VaultConnection vault = connect(Optional.empty(), Optional.of(transit))) {
            TransitWrapping wrapping = new TransitWrapping(vault, transit);
            byte[] wrapped = wrapping.wrap(ring);
            assertThat(wrapping.unwrap(wrapped)).isEqualTo(ring);
            assertThat(wrapping.wrappedAnew(wrapped)).isEmpty();

            run("write", "-f", "transit/keys/realmesh/rotate");

            byte[] anew = wrapping.wrappedAnew(wrapped).orElseThrow();
            assertThat(new String(anew, StandardCharsets.US_ASCII)).startsWith("vault:v2:");
            assertThat(wrapping.unwrap(anew)).isEqualTo(ring);
            assertThatThrownBy(() -> wrapping.unwrap("vault:v1:AAAA".getBytes(StandardCharsets.US_ASCII)))
                    .isInstanceOf(ResourceException.Unreadable.class);
        }
    }

    @Test
    void renewsItsTokenAndSaysWhatIsNotAllowed() throws Exception {
        VaultConfig.Kv elsewhere = new VaultConfig.Kv("cubbyhole-of-others", 1);
        try (VaultConnection vault = connect(Optional.of(elsewhere), Optional.empty())) {
            clock.advance(Duration.ofMinutes(7));
            vault.renewIfDue();
            assertThat(vault.healthCheck().probe().problem()).isEmpty();
            assertThatThrownBy(() -> vault.read("cubbyhole-of-others/a/b/c"))
                    .isInstanceOf(ResourceException.VaultAway.class)
                    .hasMessageContaining("refuses");
        }
    }

    @Test
    void believesNoServerWhoseCertificateIsOfAnotherAuthority() {
        Optional<VaultConfig.Kv> kv = Optional.of(new VaultConfig.Kv("kv2", 2));

        assertThatThrownBy(() -> VaultConnection.open(config(Optional.empty(), kv, Optional.empty()), clock))
                .isInstanceOf(ResourceException.VaultAway.class)
                .hasMessageContaining("does not answer");
    }

    private VaultConnection connect(Optional<VaultConfig.Kv> kv, Optional<VaultConfig.Transit> transit) {
        return VaultConnection.open(config(Optional.of(ca), kv, transit), clock);
    }

    private static VaultConfig config(
            Optional<Path> trusted, Optional<VaultConfig.Kv> kv, Optional<VaultConfig.Transit> transit) {
        return new VaultConfig(
                address,
                Optional.empty(),
                trusted,
                Optional.empty(),
                Optional.of(role),
                Duration.ofSeconds(5),
                kv,
                transit);
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ResourceRepository resources) {
        try (SecretBytes secret = resources.find(PATH).orElseThrow()) {
            return new String(secret.reveal(), StandardCharsets.UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Asks until it serves.
    private static void awaitServer() throws Exception {
        Process wait = client(
                        "sh",
                        "-c",
                        "for i in $(seq 300); do \"$1\" status && exit 0; sleep 0.2; done; exit 1",
                        "sh",
                        command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(wait.waitFor())
                .as(Files.readString(folder.resolve("server.log")))
                .isZero();
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(Arrays.asList(arguments));
        Process process = client(words.toArray(String[]::new)).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /// A program that finds the server.
    private static ProcessBuilder client(String... words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("VAULT_ADDR", address);
        builder.environment().put("BAO_ADDR", address);
        builder.environment().put("VAULT_CACERT", ca.toString());
        builder.environment().put("BAO_CACERT", ca.toString());
        builder.environment().put("VAULT_TOKEN", ROOT);
        builder.environment().put("BAO_TOKEN", ROOT);
        return builder;
    }
}
