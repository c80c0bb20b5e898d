// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Veraison's own command lines against the service, on machines that have them: evcli 2.0, cocli.
class VeraisonToolsTest {
    private static final Pattern JWT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    @TempDir
    private Path folder;

    private RestFixture fixture;

    @BeforeEach
    void open() {
        RestConfig config = Configuration.parse("rest: {port: 0, nonce-encoding: base64}", Map.of())
                .bind("rest", RestConfig.class);
        fixture = RestFixture.open(folder.resolve("state"), config, InstantSource.system());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void cocliProvisionsWithTheTokenAsPassword() throws Exception {
        assumeInstalled("cocli");

        assertThat(cocli("wrong").exit()).isNotZero();
        assertThat(cocli(fixture.adminToken).exit()).isZero();
        assertThat(cocli(fixture.adminToken).output()).contains("stored already");
    }

    @Test
    void evcliVerifiesAsRelyingParty() throws Exception {
        assumeInstalled("evcli");
        fixture.provisioned();

        requireAffirming(run(
                "evcli",
                "cca",
                "verify-as",
                "relying-party",
                "--config=" + evcliConfig(),
                "--token=" + Vectors.path("attestation/tokens/good-399.cbor")));
    }

    @Test
    void evcliVerifiesAsAttester() throws Exception {
        assumeInstalled("evcli");
        fixture.provisioned();

        requireAffirming(run(
                "evcli",
                "cca",
                "verify-as",
                "attester",
                "--config=" + evcliConfig(),
                "--claims=" + Vectors.path("attestation/upstream/claims-cca.good.json"),
                "--iak=" + Vectors.path("attestation/keys/TEST-cpak-p256.private.jwk"),
                "--rak=" + Vectors.path("attestation/keys/TEST-rak-p384.private.jwk")));
    }

    private Outcome cocli(String password) throws IOException, InterruptedException {
        return run(
                "cocli",
                "corim",
                "submit",
                "--api-server=" + url(RestFixture.SUBMIT),
                "--corim-file=" + Vectors.path("attestation/endorsements/up-cca-platform-valid.cbor"),
                "--media-type=" + RestFixture.PLATFORM,
                "--auth=basic",
                "--username=cocli",
                "--password=" + password);
    }

    /// Its option `--api-server` is lost in evcli 2.0.
    private Path evcliConfig() throws IOException {
        return Files.writeString(folder.resolve("evcli.yaml"), "api_server: " + url(RestFixture.NEW_SESSION));
    }

    private void requireAffirming(Outcome evcli) {
        assertThat(evcli.exit()).as(evcli.output()).isZero();
        Matcher jwt = JWT.matcher(evcli.output());
        assertThat(jwt.find()).as(evcli.output()).isTrue();
        Ear ear = EarVerifier.ofJwk(fixture.service.signingKey()).verify(jwt.group());
        assertThat(ear.status()).isEqualTo(TrustTier.AFFIRMING);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + fixture.service.restPort().orElseThrow() + path;
    }

    private record Outcome(int exit, String output) {}

    private Outcome run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + ": still running after 60 s");
        }
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static void assumeInstalled(String tool) {
        boolean installed = false;
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            installed |= Files.isExecutable(Path.of(folder, tool));
        }
        Assumptions.assumeTrue(installed, tool + " is not installed (github.com/veraison/" + tool + ")");
    }
}
