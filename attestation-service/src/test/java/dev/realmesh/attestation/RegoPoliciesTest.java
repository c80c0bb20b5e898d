// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.opa.RegoEngine;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.AppraisalPolicy;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.DryRunPolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyResponse;
import dev.realmesh.proto.attestation.v1.GivenEvidence;
import dev.realmesh.proto.attestation.v1.ListPoliciesRequest;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.PolicyLanguage;
import dev.realmesh.proto.attestation.v1.PutPolicyRequest;
import dev.realmesh.proto.attestation.v1.SubmodAppraisal;
import dev.realmesh.testkit.Vectors;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policies in Rego by `PolicyService`, and what the one in force does to verdicts, its OPA there or not.
class RegoPoliciesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final String OLD_FIRMWARE = """
            package policy

            # This boot loader is to be replaced.
            executables = UNSAFE_RT {
              submod == "CCA_SSD_PLATFORM"
              some i
              evidence.platform["cca-platform-sw-components"][i]["measurement-type"] == "BL"
            }
            """;
    private static final String CHALLENGE = """
            package policy

            status = AFFIRMING {
              base64url.decode(session["nonce"]) == base64.decode(evidence["realm"]["cca-realm-challenge"])
            } else =  CONTRAINDICATED
            """;
    private static final String ENDORSED = """
            package policy

            status = WARNING {
              submod == "CCA_REALM"
              endorsements[_].measurements[_].key.value == "cca.rpv"
            }
            """;

    @TempDir
    private Path state;

    private final RecordedOpa opa = RecordedOpa.start(RegoEngine.FRAME);
    private ServiceFixture service;

    @BeforeEach
    void openProvisioned() {
        service = open().provisioned();
    }

    private ServiceFixture open() {
        OpaConfig config = new OpaConfig(opa.uri(), Optional.empty(), Optional.empty(), Duration.ofSeconds(10), 1);
        return ServiceFixture.open(
                ServiceFixture.config(state, List.of(), Optional.empty()).withOpa(config), CLOCK);
    }

    @AfterEach
    void close() {
        service.close();
        opa.close();
    }

    @Test
    void appliesThePolicyInForce() {
        AppraisalPolicy policy = put("firmware", OLD_FIRMWARE);
        assertThat(policy)
                .returns("firmware", AppraisalPolicy::getName)
                .returns(1, AppraisalPolicy::getVersion)
                .returns(PolicyLanguage.POLICY_LANGUAGE_REGO, AppraisalPolicy::getLanguage)
                .returns("ARM_CCA", AppraisalPolicy::getScheme)
                .returns(OLD_FIRMWARE, AppraisalPolicy::getDocument);
        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);

        activate(policy);

        assertThat(service.appraise("good-399").getResult().getSubmodsList())
                .extracting(SubmodAppraisal::getStatus, SubmodAppraisal::getProblem)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                AttestationStatus.ATTESTATION_STATUS_WARNING, "policy firmware: lowers the verdict"),
                        org.assertj.core.groups.Tuple.tuple(AttestationStatus.ATTESTATION_STATUS_AFFIRMING, ""));
    }

    @Test
    void veraisonsOwnPolicyOnTheChallengeLeavesAGoodVerdict() {
        activate(put("", CHALLENGE));

        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @Test
    void policiesSeeTheEndorsements() {
        activate(put("", ENDORSED));

        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void anAppraisalFailsWhileOpaIsAwayAndGoesOnAfterwards() throws Exception {
        activate(put("", OLD_FIRMWARE));
        opa.goAway();

        assertThatThrownBy(this::appraise).hasMessageStartingWith("UNAVAILABLE: verifier: policy, OPA, ");
        assertThat(results()).isZero();
        assertThat(problemOfOpa()).hasValue("does not answer");

        opa.comeBack();
        opa.restart();
        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
        assertThat(results()).isEqualTo(1);
        assertThat(problemOfOpa()).isEmpty();
    }

    @Test
    void evidenceThatIsRefusedAnywayNeedsNoOpa() {
        activate(put("", OLD_FIRMWARE));
        opa.goAway();

        assertThat(service.appraise("malformed-garbage").getResult().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
    }

    @Test
    void nothingIsStoredOrActivatedThatOpaCannotCheck() {
        assertThatThrownBy(() -> put("", "package policy\nstatus = x\n"))
                .hasMessage("INVALID_ARGUMENT: 1 error occurred: policy.rego:2: rego_unsafe_var_error: var x is unsafe"
                        + " (column 10)");
        AppraisalPolicy policy = put("", OLD_FIRMWARE);
        opa.goAway();
        assertThatThrownBy(() -> put("", CHALLENGE)).hasMessageStartingWith("UNAVAILABLE: OPA, ");
        assertThatThrownBy(() -> activate(policy)).hasMessageStartingWith("UNAVAILABLE: OPA, ");

        assertThat(policies()).containsExactly(policy);
        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @Test
    void aPolicyInCelTakesItsPlaceAndBack() {
        AppraisalPolicy rego = put("", OLD_FIRMWARE);
        activate(rego);
        AppraisalPolicy cel = service.policies()
                .putPolicy(PutPolicyRequest.newBuilder()
                        .setDocument("{name: none, rules: [{name: r, when: 'true', status: none, reason: x}]}")
                        .build())
                .getPolicy();
        activate(cel);
        opa.goAway();
        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_NONE);

        opa.comeBack();
        activate(rego);
        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void keepsThePolicyInForceOverARestart() {
        activate(put("", OLD_FIRMWARE));
        service.close();
        opa.restart();
        service = open();

        assertThat(appraise()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void triesAPolicyOnGivenEvidenceAndLeavesNothingBehind() {
        DryRunPolicyRequest.Builder trial = DryRunPolicyRequest.newBuilder()
                .setDocument(OLD_FIRMWARE)
                .setLanguage(PolicyLanguage.POLICY_LANGUAGE_REGO)
                .setEvidence(GivenEvidence.newBuilder()
                        .setEvidence(ByteString.copyFrom(Vectors.bytes("attestation/tokens/good-399.cbor")))
                        .setChallenge(ByteString.copyFrom(ServiceFixture.NONCE.toByteArray())));

        DryRunPolicyResponse tried = service.policies().dryRunPolicy(trial.build());

        assertThat(tried.getBeforeList())
                .extracting(SubmodAppraisal::getStatus)
                .containsOnly(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        assertThat(tried.getAfterList())
                .extracting(SubmodAppraisal::getProblem)
                .containsExactlyInAnyOrder("policy default: lowers the verdict", "");
        assertThat(policies()).isEmpty();
        assertThat(results()).isZero();
        assertThat(opa.requests).last().asString().startsWith("DELETE ");
    }

    @Test
    void withoutAnOpaItSaysHowToGetOne() {
        service.close();
        service = ServiceFixture.open(state, CLOCK);
        assertThatThrownBy(() -> put("", CHALLENGE))
                .hasMessageStartingWith("FAILED_PRECONDITION: policy in Rego: no OPA is configured (expected:"
                        + " attestation-service.opa.url");
        assertThat(policies()).isEmpty();
    }

    @Test
    void aPolicyInForceWithoutItsOpaIsNoYes() {
        activate(put("", CHALLENGE));
        service.close();
        service = ServiceFixture.open(state, CLOCK);

        assertThatThrownBy(this::appraise).hasMessageStartingWith("UNAVAILABLE: verifier: policy, policy in Rego");
        assertThat(results()).isZero();
    }

    private Optional<String> problemOfOpa() throws Exception {
        return service.service().healthChecks().stream()
                .filter(check -> check.id().equals("opa"))
                .findFirst()
                .orElseThrow()
                .probe()
                .problem();
    }

    private AttestationStatus appraise() {
        return service.appraise("good-399").getResult().getStatus();
    }

    private int results() {
        return service.attestation()
                .listResults(ListResultsRequest.getDefaultInstance())
                .getResultsCount();
    }

    private List<AppraisalPolicy> policies() {
        return service.policies()
                .listPolicies(ListPoliciesRequest.getDefaultInstance())
                .getPoliciesList();
    }

    private AppraisalPolicy put(String name, String rules) {
        return service.policies()
                .putPolicy(PutPolicyRequest.newBuilder()
                        .setDocument(rules)
                        .setName(name)
                        .setLanguage(PolicyLanguage.POLICY_LANGUAGE_REGO)
                        .build())
                .getPolicy();
    }

    private void activate(AppraisalPolicy policy) {
        service.policies()
                .activatePolicy(ActivatePolicyRequest.newBuilder()
                        .setPolicyId(policy.getPolicyId())
                        .build());
    }
}
