// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.EndorsementServiceGrpc;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsRequest;
import dev.realmesh.testkit.Vectors;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `realmesh attestation` with a real attestation-service that appraised recorded tokens.
class AttestationCommandTest {
    private static final String CHALLENGE = "6f24d6b9635a2c8bbf58e908b94e04c1bfb3ae80cdebe832424578499fe31761"
            + "e7f5e1d8bce0121844f54abdfa5286da88f53a657b15335c9396b4329254bc5c";
    private static final byte[] TOKEN = Vectors.bytes("attestation/tokens/good-399.cbor");

    @TempDir
    private static Path folder;

    private static TestMesh mesh;
    private static String affirming;
    private static String refused;

    @BeforeAll
    static void appraise() {
        mesh = new TestMesh(folder.resolve("state"));
        Edge edge = edge(mesh);
        for (String corim : List.of("m-plat-base", "up-cca-realm-valid")) {
            SubmitEndorsementsRequest request = SubmitEndorsementsRequest.newBuilder()
                    .setCorim(ByteString.copyFrom(Vectors.bytes("attestation/endorsements/" + corim + ".cbor")))
                    .build();
            edge.call(channel -> edge.asAdministrator(
                            EndorsementServiceGrpc.newBlockingStub(channel), "attestation-service")
                    .submitEndorsements(request));
        }
        affirming = appraise(edge, "realm-a", CHALLENGE);
        refused = appraise(edge, "realm-b", "00".repeat(64));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    private static Edge edge(TestMesh mesh) {
        return Edge.onLoopback(URI.create(mesh.endpoint()).getPort(), mesh.adminToken("attestation-service"));
    }

    private static String appraise(Edge edge, String realm, String challenge) {
        AppraiseRequest request = AppraiseRequest.newBuilder()
                .setRealmId(realm)
                .setEvidence(ByteString.copyFrom(TOKEN))
                .setChallenge(ByteString.copyFrom(HexFormat.of().parseHex(challenge)))
                .build();
        return edge.call(channel ->
                        AttestationServiceGrpc.newBlockingStub(channel).appraise(request))
                .getResult()
                .getResultId();
    }

    @Test
    void listsResultsNewestFirst() {
        assertThat(mesh.realmesh("attestation", "list").done().lines())
                .satisfiesExactly(
                        newest -> assertThat(newest).startsWith(refused).contains("contraindicated", "realm-b"),
                        oldest -> assertThat(oldest).startsWith(affirming).contains("affirming", "realm-a"));
    }

    @Test
    void listsAsManyAsAsked() {
        assertThat(mesh.realmesh("attestation", "list", "--limit", "1").done().lines())
                .singleElement()
                .asString()
                .startsWith(refused);
    }

    @Test
    void filtersByRealmAndStatus() {
        assertThat(mesh.realmesh("attestation", "list", "--realm", "realm-a")
                        .done()
                        .lines())
                .singleElement()
                .asString()
                .startsWith(affirming);
        assertThat(mesh.realmesh("attestation", "list", "--status", "contraindicated")
                        .done()
                        .lines())
                .singleElement()
                .asString()
                .startsWith(refused);
        assertThat(mesh.realmesh("attestation", "list", "--realm", "realm-a", "--status", "WARNING")
                        .done()
                        .out())
                .isEmpty();
    }

    @Test
    void filtersByRimAndTime() {
        String rim = mesh.realmesh("attestation", "show", affirming).done().lines().stream()
                .filter(line -> line.startsWith("RIM "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
        assertThat(mesh.realmesh("attestation", "list", "--rim", rim, "--realm", "realm-a")
                        .done()
                        .lines())
                .singleElement()
                .asString()
                .startsWith(affirming);
        assertThat(mesh.realmesh("attestation", "list", "--rim", "00").done().out())
                .isEmpty();
        assertThat(mesh.realmesh("attestation", "list", "--before", "2020-01-01T00:00:00Z")
                        .done()
                        .out())
                .isEmpty();
        assertThat(mesh.realmesh("attestation", "list", "--since", "2020-01-01T00:00:00Z")
                        .done()
                        .lines())
                .hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithAFilter() {
        assertThat(mesh.realmesh("attestation", "list", "--rim", "xyz"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(2))
                .satisfies(outcome -> assertThat(outcome.err()).contains("--rim", "hexadecimal digits"));
        assertThat(mesh.realmesh("attestation", "list", "--since", "yesterday").exitCode())
                .isEqualTo(2);
        mesh.realmesh("attestation", "watch", "--after", "absent").failed("result: none of this id");
    }

    @Test
    void listsJsonALine() {
        assertThat(mesh.realmesh("attestation", "list", "--json").done().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"resultId\":"))
                .first()
                .asString()
                .contains("\"status\":\"ATTESTATION_STATUS_CONTRAINDICATED\"", "\"realmId\":\"realm-b\"");
    }

    @Test
    void showsWhatWasAttested() {
        assertThat(mesh.realmesh("attestation", "show", affirming).done().lines())
                .anyMatch(line -> line.matches("status +affirming"))
                .anyMatch(line -> line.matches("CCA_REALM +affirming"))
                .anyMatch(line -> line.matches(" +executables +2 affirming, approved since boot"))
                .anyMatch(line -> line.matches("RIM +[0-9a-f]{64,128}"));
        assertThat(mesh.realmesh("attestation", "show", refused).done().out())
                .contains("freshness")
                .containsPattern("ARM_CCA +contraindicated: integrity validation failed")
                .containsPattern("hardware +99 contraindicated, cryptographic validation failed");
    }

    @Test
    void showsJsonAndWritesTheEvidence() throws IOException {
        Path file = folder.resolve("token.cbor");
        Outcome shown = mesh.realmesh("attestation", "show", affirming, "--json", "--evidence", file.toString())
                .done();
        assertThat(shown.lines()).singleElement().asString().startsWith("{\"resultId\":\"" + affirming);
        assertThat(Files.readAllBytes(file)).isEqualTo(TOKEN);
    }

    /// A watch sees what comes after it began, and when that was, only its first result tells.
    @Test
    void watchesResultsAsTheyCome() throws Exception {
        PipedOutputStream out = new PipedOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (TestMesh watched = new TestMesh(folder.resolve("watched"));
                BufferedReader seen = new BufferedReader(new InputStreamReader(new PipedInputStream(out), UTF_8));
                PrintStream stream = new PrintStream(out, true, UTF_8)) {
            Caller caller = new Caller(
                    InputStream.nullInputStream(), stream, new PrintStream(err, true, UTF_8), watched.environment());
            CompletableFuture<Integer> watching =
                    CompletableFuture.supplyAsync(() -> Main.execute(caller, "attestation", "watch", "--json"));
            Queue<String> lines = new ConcurrentLinkedQueue<>();
            Thread.ofVirtual().start(() -> seen.lines().forEach(lines::add));
            while (lines.isEmpty()) {
                appraise(edge(watched), "realm-c", CHALLENGE);
            }
            watched.close();

            assertThat(lines.element()).startsWith("{\"resultId\":").contains("\"realmId\":\"realm-c\"");
            assertThat(watching.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(err.toString(UTF_8).lines()).singleElement().asString().startsWith("realmesh: ");
        }
    }

    @Test
    void saysThatThereIsNoSuchResult() {
        mesh.realmesh("attestation", "show", "00000000-0000-0000-0000-000000000000")
                .failed("result: none of this id");
    }
}
