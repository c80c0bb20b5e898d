// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.WorkloadFeatures;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.kbs.aael.PulledImage;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A workload asks its Realm's agent, as one that was made for Confidential Containers does: with nothing but an HTTP
/// client, at 127.0.0.1:8006. All is real: a guest in its sandbox, crun, busybox, and the mesh around it.
@Timeout(180)
class InTheRealmTest {
    private static final String SECRET_PATH = "default/db/password";
    private static final String SIGNER_PATH = "default/sealed-secret/signer";
    private static final String SECRET = "only a Realm reads this";

    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;
    private static KeyPair signer;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        signer = generator.generateKeyPair();
        mesh.putSecret(SECRET_PATH, SECRET.getBytes(StandardCharsets.UTF_8));
        mesh.putSecret(SIGNER_PATH, jwk().getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.assertNothingIsLeft();
    }

    @Test
    void workloadReadsItsSecret() throws IOException {
        Outcome run = shell("busybox wget -qO- http://127.0.0.1:8006/cdh/resource/" + SECRET_PATH);

        assertThat(run).isEqualTo(new Outcome(0, SECRET, ""));
    }

    /// The mesh's own initdata lets the host give the command, which would have any secret printed.
    @Test
    void nothingIsServedWhereTheHostChoosesTheCommandUnlessInitdataSaysSo() {
        Outcome run = mesh.realmesh(
                "run", IMAGE, "--", "sh", "-c", "busybox wget -qO- http://127.0.0.1:8006/cdh/resource/" + SECRET_PATH);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("refused");
    }

    @Test
    void secretThatTheBrokerDoesNotReleaseIsAnError() throws IOException {
        Outcome run = shell("busybox wget -qO- http://127.0.0.1:8006/cdh/resource/default/db/nobodys");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("500 Internal Server Error");
    }

    @Test
    void attestationIsNotServedUnlessInitdataSaysSo() throws IOException {
        Outcome run = shell("busybox wget -qO- http://127.0.0.1:8006/info; echo;"
                + " busybox wget -qO- 'http://127.0.0.1:8006/aa/evidence?runtime_data=x'");

        assertThat(run.out()).contains("\"feature\":\"resource\"").doesNotContain("cca", "token");
        assertThat(run.err()).contains("404 Not Found");
    }

    @Test
    void containerHasLoopbackAlone() throws IOException {
        Outcome run = shell("busybox ip -o link; busybox ip route");

        assertThat(run.out().lines()).singleElement().asString().contains("lo:", "UP");
    }

    /// What the workload measures is in the registers of the next evidence, and the log says what it was.
    @Test
    void eventsAreInTheNextEvidence() throws Exception {
        Outcome run = mesh.realmesh("run", "--initdata", initdata(WorkloadFeatures.ALL), IMAGE, "--", "sh", "-c", """
                api=http://127.0.0.1:8006
                busybox wget -qO- --post-data '{"domain":"example.org","operation":"Start","content":"a b"}' $api/aa/aael
                echo
                busybox wget -qO- "$api/aa/evidence?runtime_data=mine"; echo
                busybox wget -qO- $api/aa/aael | busybox base64 -w0; echo
                busybox wget -qO- "$api/aa/token?token_type=kbs"; echo
                busybox wget -qO- $api/info; echo""");

        assertThat(run.err()).isEmpty();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("{\"success\":\"true\"}");
        AaelLog log = AaelLog.parse(Base64.getDecoder().decode(lines.get(2)));
        assertThat(log.entries().stream().map(AaelEntry::event))
                .containsExactly(
                        new PulledImage(IMAGE, mesh.digest).toEvent(), new AaelEvent("example.org", "Start", "a b"));
        CcaEvidence evidence = evidence(lines.get(1));
        byte[] zero = new byte[64];
        assertThat(evidence.realm().claims().challenge().toByteArray())
                .isEqualTo(Arrays.copyOf("mine".getBytes(StandardCharsets.UTF_8), 64));
        assertThat(evidence.realm().claims().extensibleMeasurements().stream().map(Bytes::toByteArray))
                .satisfiesExactly(
                        firmwares -> assertThat(firmwares).isEqualTo(zero),
                        unused -> assertThat(unused).isEqualTo(zero),
                        events -> assertThat(events).isEqualTo(log.replay(zero)),
                        images -> assertThat(images).isNotEqualTo(zero));
        assertThat(lines.get(3)).contains("\"token\":\"ey", "BEGIN PRIVATE KEY");
        assertThat(lines.get(4)).contains("\"tee\":\"cca\"", "\"feature\":\"all\"");
        assertThat(mesh.results().getFirst().getStatus())
                .as("a Realm that measured events")
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @Test
    void sealedVariableArrivesOpen() throws Exception {
        Outcome run =
                mesh.realmesh("run", "-e", "PASSWORD=" + sealed(signer), IMAGE, "--", "sh", "-c", "echo \"$PASSWORD\"");

        assertThat(run).isEqualTo(new Outcome(0, SECRET + "\n", ""));
    }

    @Test
    void sealedFileArrivesOpenAndReadOnly() throws Exception {
        Path sealed = Files.writeString(folder.resolve("sealed.txt"), sealed(signer) + "\n");

        Outcome run = mesh.realmesh(
                "run",
                "--secret-file",
                "/run/secrets/password=" + sealed(signer),
                "--secret-file",
                "/etc/other=@" + sealed,
                IMAGE,
                "--",
                "sh",
                "-c",
                "cat /run/secrets/password; echo; cat /etc/other; echo; busybox stat -c '%a %u' /etc/other;"
                        + " busybox grep -c '/run/secrets/password tmpfs ro,' /proc/self/mounts; echo x >/etc/other");

        assertThat(run.out()).isEqualTo(SECRET + "\n" + SECRET + "\n400 0\n1\n");
        assertThat(run.err()).contains("Read-only file system");
    }

    @Test
    void fileThatSomebodyElseSealedStartsNothing() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        String file = "/etc/key=" + sealed(generator.generateKeyPair());

        mesh.realmesh("run", "--secret-file", file, IMAGE, "--", "echo", "started")
                .failed("secret file /etc/key: sealed secret: not signed by kbs:///" + SIGNER_PATH);
    }

    @Test
    void variableThatSomebodyElseSealedStartsNothing() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));

        mesh.realmesh("run", "-e", "PASSWORD=" + sealed(generator.generateKeyPair()), IMAGE, "--", "echo", "started")
                .failed("environment variable PASSWORD: sealed secret: not signed by kbs:///" + SIGNER_PATH);
    }

    private static Outcome shell(String command) throws IOException {
        String initdata = initdata(WorkloadFeatures.RESOURCE);
        return mesh.realmesh("run", "--initdata", initdata, IMAGE, "--", "sh", "-c", command);
    }

    /// The mesh's own initdata, with these features.
    private static String initdata(WorkloadFeatures features) throws IOException {
        return mesh.initdata(usual ->
                new RealmSettings(usual.keyBrokerIdentity(), usual.imagePolicy(), usual.agentPolicy(), features));
    }

    private static CcaEvidence evidence(String json) {
        ByteArrayOutputStream token = new ByteArrayOutputStream();
        for (JsonNode each : new JsonMapper().readTree(json).path("token")) {
            token.write(each.intValue());
        }
        return CcaEvidence.decode(Bytes.copyOf(token.toByteArray()));
    }

    private static String sealed(KeyPair key) throws Exception {
        String header = "{\"alg\":\"ES256\",\"kid\":\"kbs:///" + SIGNER_PATH + "\"}";
        String payload = "{\"version\":\"0.1.0\",\"type\":\"vault\",\"name\":\"kbs:///" + SECRET_PATH
                + "\",\"provider\":\"kbs\",\"provider_settings\":{},\"annotations\":{}}";
        String signed = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(payload.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return "sealed." + signed + "." + base64(signature.sign());
    }

    private static String jwk() {
        var point = ((ECPublicKey) signer.getPublic()).getW();
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + coordinate(point.getAffineX()) + "\",\"y\":\""
                + coordinate(point.getAffineY()) + "\"}";
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return base64(fixed);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
