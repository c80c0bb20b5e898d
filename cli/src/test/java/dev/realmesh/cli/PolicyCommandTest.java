// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.EndorsementServiceGrpc;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsRequest;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `realmesh attestation policy` with a real attestation-service.
class PolicyCommandTest {
    private static final String CHALLENGE = "6f24d6b9635a2c8bbf58e908b94e04c1bfb3ae80cdebe832424578499fe31761"
            + "e7f5e1d8bce0121844f54abdfa5286da88f53a657b15335c9396b4329254bc5c";
    private static final String POLICY = """
            name: no-such-boot-loader
            rules:
              - name: replaced
                submod: CCA_SSD_PLATFORM
                when: evidence["cca-platform-sw-components"].exists(c, c["measurement-type"] == "BL")
                claims: {executables: 33}
                reason: it is to be replaced
            """;

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
    void putsListsShowsAndActivates() {
        String first = put();
        String second = put();
        assertThat(policy("list").done().lines())
                .satisfiesExactly(
                        newest -> assertThat(newest).startsWith(second).endsWith("no-such-boot-loader 2"),
                        oldest -> assertThat(oldest).startsWith(first).endsWith("no-such-boot-loader 1"));
        assertThat(policy("show", first).done().out()).isEqualTo(POLICY);

        policy("activate", second).done();
        policy("activate", first).done();
        assertThat(policy("list").done().lines())
                .filteredOn(line -> line.contains(" active "))
                .singleElement()
                .asString()
                .startsWith(first);
        policy("deactivate").done();
        assertThat(policy("list").done().out()).doesNotContain(" active ");
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
    void saysWhatAPolicyWouldChangeAndWhy() throws IOException {
        String result = appraise();
        String byId = policy("try", result, "--policy", put()).done().out();
        Path file = Files.writeString(folder.resolve("policy.yaml"), POLICY);

        assertThat(byId.lines())
                .anyMatch(line -> line.matches("CCA_REALM +stays affirming"))
                .anyMatch(line -> line.matches(
                        "CCA_SSD_PLATFORM +affirming -> warning: policy no-such-boot-loader, rule replaced: it is to be"
                                + " replaced"))
                .anyMatch(line ->
                        line.matches(" +executables +2 affirming, approved since boot -> 33 warning, not recognized"));
        assertThat(policy("try", result, "--file", file.toString()).done().out())
                .isEqualTo(byId);
        assertThat(policy("try", result, "--file", file.toString(), "--json")
                        .done()
                        .lines())
                .singleElement()
                .asString()
                .startsWith("{\"before\":[");
    }

    @Test
    void triesAPolicyOnATokenAtHand() throws IOException {
        appraise();
        String token = Vectors.path("attestation/tokens/good-399.cbor").toString();
        String policy = Files.writeString(folder.resolve("policy.yaml"), POLICY).toString();

        assertThat(policy("try", "--evidence", token, "--challenge", CHALLENGE, "--file", policy)
                        .done()
                        .lines())
                .anyMatch(
                        line -> line.matches("CCA_SSD_PLATFORM +affirming -> warning: policy no-such-boot-loader, .*"));
        assertThat(policy("try", "--evidence", token, "--challenge", "00".repeat(64), "--file", policy)
                        .done()
                        .lines())
                .anyMatch(line -> line.matches("ARM_CCA +stays contraindicated.*"));
        policy("try", "--evidence", token, "--challenge", "00", "--file", policy)
                .failed("challenge: 1 bytes (expected: 8 to 64)");
        assertThat(policy("try", "--evidence", token, "--file", policy).exitCode())
                .isEqualTo(2);
        assertThat(policy("try", "result", "--evidence", token, "--challenge", CHALLENGE, "--file", policy)
                        .exitCode())
                .isEqualTo(2);
        assertThat(policy("try", "--file", policy).exitCode()).isEqualTo(2);
    }

    @Test
    void saysThatRegoNeedsAnOpa() throws IOException {
        String rules =
                Files.writeString(folder.resolve("p.rego"), "package policy\n").toString();
        String other =
                Files.writeString(folder.resolve("p.txt"), "package policy\n").toString();

        policy("put", rules).failed("no OPA is configured (expected: attestation-service.opa.url");
        policy("put", other, "--language", "rego", "--name", "x").failed("no OPA is configured");
        policy("put", rules, "--language", "cel").failed("policy: no mapping (expected: a mapping)");
        policy("put", folder.resolve("p.yaml").toString(), "--name", "x").failed("p.yaml");
        assertThat(policy("list").done().out()).isEmpty();
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        Path file = Files.writeString(folder.resolve("policy.yaml"), POLICY.replace("33", "0"));
        policy("put", file.toString()).failed("rule replaced: executables: 0 (expected: 2 to 127)");
        policy("show", "absent").failed("policy 'absent': none of this id");
        policy("activate", "absent").failed("policy 'absent': none of this id");
        policy("try", "absent", "--policy", put()).failed("result: none of this id");
        assertThat(policy("try", "result").exitCode()).isEqualTo(2);
    }

    private Outcome policy(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "attestation";
        all[1] = "policy";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return mesh.realmesh(all);
    }

    private String put() {
        String line = mesh.realmesh(POLICY.getBytes(UTF_8), "attestation", "policy", "put", "-")
                .done()
                .out();
        return line.substring(0, 36);
    }

    private String appraise() {
        Edge edge = Edge.onLoopback(URI.create(mesh.endpoint()).getPort(), mesh.adminToken("attestation-service"));
        for (String corim : List.of("m-plat-base", "up-cca-realm-valid")) {
            SubmitEndorsementsRequest request = SubmitEndorsementsRequest.newBuilder()
                    .setCorim(ByteString.copyFrom(Vectors.bytes("attestation/endorsements/" + corim + ".cbor")))
                    .build();
            edge.call(channel -> edge.asAdministrator(
                            EndorsementServiceGrpc.newBlockingStub(channel), "attestation-service")
                    .submitEndorsements(request));
        }
        AppraiseRequest request = AppraiseRequest.newBuilder()
                .setEvidence(ByteString.copyFrom(Vectors.bytes("attestation/tokens/good-399.cbor")))
                .setChallenge(ByteString.copyFrom(HexFormat.of().parseHex(CHALLENGE)))
                .build();
        return edge.call(channel ->
                        AttestationServiceGrpc.newBlockingStub(channel).appraise(request))
                .getResult()
                .getResultId();
    }
}
