// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.ServiceFixture;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.Triple;
import dev.realmesh.cca.token.ReferenceValueStore;
import dev.realmesh.cca.token.TrustAnchorStore;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.PutPolicyRequest;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsRequest;
import dev.realmesh.proto.coco.attestation.AttestationRequest;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.IndividualAttestationRequest;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `AttestationEvaluate` of Trustee's API with the evidence of recorded handshakes, whose tokens of a real Trustee say
/// what must be in ours.
class EvaluateEvidenceTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final String EVIDENCE = "ear.veraison.annotated-evidence";

    @TempDir
    private Path state;

    private ServiceFixture service;

    @BeforeEach
    void open() {
        service = ServiceFixture.open(AttestationServiceConfig.withDefaults(state), InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void tokenSaysOfTheEvidenceWhatARealTrusteesSays() {
        endorse(references().realms());
        RecordedHandshake recorded = RecordedHandshake.of("rcar-cca.json");

        JsonNode ours = RecordedHandshake.claims(evaluate(recorded.request()));
        JsonNode theirs = recorded.recordedClaims();

        JsonNode evidence = evidence(ours);
        JsonNode expected = withoutAdditionalEvidence(evidence(theirs));
        for (String claim : List.of("report_data", "init_data", "runtime_data_claims", "init_data_claims")) {
            assertThat(evidence.required(claim)).as(claim).isEqualTo(expected.required(claim));
        }
        for (String part : List.of("platform", "realm")) {
            JsonNode claims = evidence.required("cca").required(part);
            expected.required("cca")
                    .required(part)
                    .properties()
                    .forEach(claim -> assertThat(claims.required(claim.getKey()))
                            .as(claim.getKey())
                            .isEqualTo(claim.getValue()));
        }
        assertThat(evidence.propertyNames())
                .containsExactlyInAnyOrderElementsOf(evidence(theirs).propertyNames());
        assertThat(ours.propertyNames()).containsExactlyInAnyOrderElementsOf(theirs.propertyNames());
        assertThat(ours.required("eat_profile")).isEqualTo(theirs.required("eat_profile"));
    }

    /// On purpose otherwise than in Trustee's tokens: who made the verdict and by what rules, a verdict on the platform
    /// too, and all claims of the token (lifecycle and firmware among them).
    @Test
    void tokenSaysWhoMadeTheVerdictAndKnowsThePlatform() {
        endorse(references().realms());

        JsonNode claims = RecordedHandshake.claims(
                evaluate(RecordedHandshake.of("rcar-cca.json").request()));

        assertThat(claims.required("iss").stringValue()).isEqualTo("Realmesh");
        assertThat(claims.required("ear.verifier-id").required("developer").stringValue())
                .isEqualTo("Realmesh");
        assertThat(claims.required("iat").longValue()).isEqualTo(NOW.getEpochSecond());
        assertThat(claims.required("exp").longValue()).isEqualTo(NOW.getEpochSecond() + 300);
        JsonNode cpu = cpu(claims);
        assertThat(cpu.required("ear.status").stringValue()).isEqualTo("affirming");
        assertThat(cpu.required("ear.appraisal-policy-id").stringValue()).isEqualTo("policy:ARM_CCA");
        assertThat(cpu.required("ear.trustworthiness-vector")).isEqualTo(RecordedHandshake.json("""
                        {"instance-identity": 2, "configuration": 2, "executables": 2, "hardware": 2,
                         "runtime-opaque": 2, "storage-opaque": 2}"""));
        JsonNode platform = evidence(claims).required("cca").required("platform");
        assertThat(platform.required("cca-platform-lifecycle").intValue()).isEqualTo(0x3003);
        assertThat(platform.required("cca-platform-sw-components").size()).isEqualTo(13);
        assertThat(evidence(claims).required("runtime_data_claims").has("additional-evidence"))
                .isFalse();
    }

    @Test
    void tokenIsSignedByAKeyOfThePublishedSet() throws IOException {
        endorse(references().realms());

        String token = evaluate(RecordedHandshake.of("rcar-cca.json").request());

        TokenKeys keys = TokenKeys.of(Files.readString(state.resolve(AttestationService.TOKEN_KEYS_FILE)));
        assertThat(keys.signed(token)).isTrue();
        assertThat(keys.signed(RecordedHandshake.withOtherClaims(token))).isFalse();
    }

    @Test
    void resultIsStoredAsAnyOther() {
        endorse(references().realms());

        evaluate(RecordedHandshake.of("rcar-cca.json").request());

        assertThat(service.attestation()
                        .listResults(ListResultsRequest.getDefaultInstance())
                        .getResultsList())
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
                    assertThat(result.getChallenge().size()).isEqualTo(64);
                    assertThat(result.getSubmodsList()).hasSize(2);
                });
    }

    @Test
    void initDataIsRepeatedAsARealTrusteeDoes() {
        endorse(anyInitData());
        RecordedHandshake recorded = RecordedHandshake.of("rcar-cca-initdata-sha512.json");

        JsonNode claims = RecordedHandshake.claims(evaluate(recorded.request()));

        assertThat(evidence(claims).required("init_data_claims"))
                .isEqualTo(evidence(recorded.recordedClaims()).required("init_data_claims"));
        assertThat(evidence(claims).required("init_data"))
                .isEqualTo(evidence(recorded.recordedClaims()).required("init_data"));
        assertThat(cpu(claims).required("ear.status").stringValue()).isEqualTo("affirming");
    }

    /// A real Trustee refuses it: it compares the digest without the zero bytes that the specification puts after it.
    @Test
    void initDataOfAShorterDigestIsAccepted() {
        endorse(anyInitData());
        RecordedHandshake recorded = RecordedHandshake.of("cca-initdata-sha384-refused.json");

        JsonNode claims = RecordedHandshake.claims(evaluate(recorded.request()));

        assertThat(evidence(claims).required("init_data").stringValue()).endsWith("0".repeat(32));
        assertThat(evidence(claims).required("init_data_claims").has("agent_policy_claims"))
                .isTrue();
        String digest = evidence(claims).required("init_data").stringValue().substring(0, 96);
        IndividualAttestationRequest.Builder byDigest = recorded.verification()
                .setInitDataDigest(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Bytes.ofHex(digest).toByteArray()));
        JsonNode digested = RecordedHandshake.claims(evaluate(RecordedHandshake.request(byDigest)));
        assertThat(evidence(digested).required("init_data_claims").isNull()).isTrue();
    }

    @Test
    void initDataThatTheRealmWasNotLaunchedWithIsRefusedAndNothingIsStored() {
        endorse(anyInitData());
        RecordedHandshake recorded = RecordedHandshake.of("rcar-cca-initdata-sha512.json");
        String other = recorded.verification().getInitDataToml() + "\n";

        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> evaluate(RecordedHandshake.request(recorded.verification().setInitDataToml(other))));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> evaluate(RecordedHandshake.request(
                        RecordedHandshake.of("rcar-cca.json").verification().setInitDataToml(other))));

        assertThat(stored()).isEmpty();
    }

    @Test
    void evidenceThatIsBoundToSomethingElseIsRefusedAndTheResultSaysSo() {
        endorse(references().realms());
        AttestationRequest request =
                RecordedHandshake.of("cca-challenge-not-bound.json").request();

        assertThatThrownBy(() -> evaluate(request))
                .satisfies(refusal -> assertThat(service.attestation()
                                .listResults(ListResultsRequest.getDefaultInstance())
                                .getResultsList())
                        .singleElement()
                        .satisfies(result -> {
                            assertThat(refusal)
                                    .hasMessageContaining("PERMISSION_DENIED")
                                    .hasMessageContaining(result.getResultId());
                            assertThat(result.getStatus())
                                    .isEqualTo(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
                            assertThat(result.getSubmods(0).getProblem()).contains("freshness");
                        }));
    }

    @Test
    void evidenceOfAnUnknownPlatformIsRefused() {
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> evaluate(RecordedHandshake.of("rcar-cca.json").request()));

        assertThat(stored()).containsExactly(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
    }

    @Test
    void realmThatIsNotEndorsedGetsATokenThatDoesNotAffirm() {
        endorse(List.of());

        JsonNode cpu = cpu(RecordedHandshake.claims(
                evaluate(RecordedHandshake.of("rcar-cca.json").request())));

        assertThat(cpu.required("ear.status").stringValue()).isEqualTo("warning");
        assertThat(cpu.required("ear.trustworthiness-vector")
                        .required("executables")
                        .intValue())
                .isEqualTo(33);
        assertThat(cpu.required("ear.veraison.policy-claims")
                        .required("problem")
                        .stringValue())
                .contains("Realm: no reference values");
    }

    @Test
    void policyInForceHolds() {
        endorse(references().realms());
        var policies = service.policies();
        String id = policies.putPolicy(PutPolicyRequest.newBuilder()
                        .setDocument(
                                "{name: all, rules: [{name: no, when: 'true', status: contraindicated, reason: a test}]}")
                        .build())
                .getPolicy()
                .getPolicyId();
        policies.activatePolicy(
                ActivatePolicyRequest.newBuilder().setPolicyId(id).build());

        JsonNode cpu = cpu(RecordedHandshake.claims(
                evaluate(RecordedHandshake.of("rcar-cca.json").request())));

        assertThat(cpu.required("ear.status").stringValue()).isEqualTo("contraindicated");
        assertThat(cpu.required("ear.appraisal-policy-id").stringValue()).isEqualTo("policy:ARM_CCA/" + id);
    }

    @Test
    void rawRuntimeDataIsTheChallengeItself() {
        endorse(references().realms());
        RecordedHandshake recorded = RecordedHandshake.of("rcar-cca.json");
        String challenge =
                evidence(recorded.recordedClaims()).required("report_data").stringValue();
        String digest = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Bytes.ofHex(challenge.substring(0, 96)).toByteArray());

        JsonNode claims = RecordedHandshake.claims(
                evaluate(RecordedHandshake.request(recorded.verification().setRawRuntimeData(digest))));

        assertThat(evidence(claims).required("runtime_data_claims").isNull()).isTrue();
        assertThat(evidence(claims).required("report_data").stringValue()).isEqualTo(challenge);
    }

    private void endorse(List<RealmReference> realms) {
        TrustAnchorStore anchors = TrustAnchorStore.parse(Vectors.text("coco/kbs-http/cca-tastore.json"));
        List<Triple> platform = new ArrayList<>(anchors.anchors());
        platform.addAll(references().platforms());
        submit(Corim.of("platform", CorimProfile.PLATFORM, platform));
        if (!realms.isEmpty()) {
            submit(Corim.of("realm", CorimProfile.REALM, realms));
        }
    }

    private static ReferenceValueStore references() {
        return ReferenceValueStore.parse(Vectors.text("coco/kbs-http/cca-rvstore.json"));
    }

    /// The endorsed Realm, with whatever init data.
    private static List<RealmReference> anyInitData() {
        return references().realms().stream()
                .map(realm -> RealmReference.ofRim(realm.rim())
                        .withRems(List.copyOf(realm.rems().values())))
                .toList();
    }

    private void submit(Corim corim) {
        service.endorsements()
                .submitEndorsements(SubmitEndorsementsRequest.newBuilder()
                        .setCorim(ByteString.copyFrom(corim.encode().toByteArray()))
                        .build());
    }

    private String evaluate(AttestationRequest request) {
        return AttestationServiceGrpc.newBlockingStub(service.channel())
                .attestationEvaluate(request)
                .getAttestationToken();
    }

    private List<AttestationStatus> stored() {
        return service.attestation().listResults(ListResultsRequest.getDefaultInstance()).getResultsList().stream()
                .map(result -> result.getStatus())
                .toList();
    }

    private static void assertRefused(Status.Code code, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    private static JsonNode cpu(JsonNode claims) {
        return claims.required("submods").required("cpu0");
    }

    private static JsonNode evidence(JsonNode claims) {
        return cpu(claims).required(EVIDENCE);
    }

    private static JsonNode withoutAdditionalEvidence(JsonNode evidence) {
        ((ObjectNode) evidence.required("runtime_data_claims")).remove("additional-evidence");
        return evidence;
    }
}
