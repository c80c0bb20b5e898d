// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.AppraisalPolicy;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyResponse;
import dev.realmesh.proto.attestation.v1.GetPolicyRequest;
import dev.realmesh.proto.attestation.v1.ListPoliciesRequest;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.PutPolicyRequest;
import dev.realmesh.proto.attestation.v1.SubmodAppraisal;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.StorageException;
import dev.realmesh.storage.TestDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `PolicyService`, and what the policy in force does to verdicts.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class PoliciesTest {
    @Parameter
    private TestDatabase kind;

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final String OLD_FIRMWARE = """
            name: firmware
            rules:
              - name: version
                submod: CCA_SSD_PLATFORM
                when: evidence["cca-platform-sw-components"].exists(c, c["measurement-type"] == "BL")
                claims: {executables: 33}
                reason: this boot loader is to be replaced
            """;

    @TempDir
    private Path state;

    private Optional<PostgresqlConfig> database;
    private ServiceFixture service;

    @BeforeEach
    void open() {
        database = kind.fresh();
        service = ServiceFixture.open(ServiceFixture.config(state, List.of(), database), CLOCK)
                .provisioned();
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void appliesThePolicyInForceAndNamesIt() {
        AppraisalPolicy policy = put(OLD_FIRMWARE);
        assertThat(appraise().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);

        activate(policy);

        AppraiseResponse answer = service.appraise("good-399");
        assertThat(answer.getResult().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
        Ear ear = EarVerifier.ofJwk(service.service().signingKey()).verify(answer.getEar());
        assertThat(ear.submods().values())
                .allSatisfy(
                        submod -> assertThat(submod.policyId()).isEqualTo("policy:ARM_CCA/" + policy.getPolicyId()));
        assertThat(ear.submods().get(Ear.PLATFORM).problem())
                .isEqualTo("policy firmware, rule version: this boot loader is to be replaced");
        assertThat(ear.submods().get(Ear.REALM).problem()).isEmpty();
    }

    @Test
    void goesBackToAnOlderVersionAndToNone() {
        AppraisalPolicy first = put(OLD_FIRMWARE);
        AppraisalPolicy second = put(OLD_FIRMWARE.replace("33", "96"));
        assertThat(second.getVersion()).isEqualTo(2);
        activate(first);
        activate(second);
        assertThat(appraise().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
        assertThat(active()).containsExactly(second.getPolicyId());

        activate(first);
        assertThat(appraise().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
        assertThat(active()).containsExactly(first.getPolicyId());

        service.policies().deactivatePolicy(DeactivatePolicyRequest.getDefaultInstance());
        assertThat(appraise().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        assertThat(active()).isEmpty();
    }

    @Test
    void keepsThePolicyInForceOverARestart() {
        activate(put(OLD_FIRMWARE));
        service.close();
        service = ServiceFixture.open(ServiceFixture.config(state, List.of(), database), CLOCK);

        assertThat(appraise().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void listsNewestFirstAndGivesThePolicyAsItWasPut() {
        AppraisalPolicy first = put(OLD_FIRMWARE);
        AppraisalPolicy second = put(OLD_FIRMWARE.replace("name: firmware", "name: other"));

        assertThat(second.getVersion()).isEqualTo(1);
        assertThat(service.policies()
                        .listPolicies(ListPoliciesRequest.getDefaultInstance())
                        .getPoliciesList())
                .containsExactly(second, first);
        assertThat(service.policies()
                        .getPolicy(GetPolicyRequest.newBuilder()
                                .setPolicyId(first.getPolicyId())
                                .build())
                        .getPolicy())
                .isEqualTo(first)
                .returns(OLD_FIRMWARE, AppraisalPolicy::getDocument);
    }

    @Test
    void storesNothingThatIsNoPolicy() {
        assertThatThrownBy(() -> put("name: x")).hasMessage("INVALID_ARGUMENT: rules: no list (expected: 1 to 64)");
        assertThat(service.policies()
                        .listPolicies(ListPoliciesRequest.getDefaultInstance())
                        .getPoliciesList())
                .isEmpty();
    }

    @Test
    void triesAPolicyOnAStoredResultAndStoresNothing() {
        String result = appraise().getResultId();
        AppraisalPolicy policy = put(OLD_FIRMWARE);

        for (DryRunPolicyRequest.Builder trial : List.of(
                DryRunPolicyRequest.newBuilder().setPolicyId(policy.getPolicyId()),
                DryRunPolicyRequest.newBuilder().setDocument(OLD_FIRMWARE))) {
            DryRunPolicyResponse tried =
                    service.policies().dryRunPolicy(trial.setResultId(result).build());
            assertThat(tried.getBeforeList())
                    .extracting(SubmodAppraisal::getStatus)
                    .containsOnly(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            assertThat(tried.getAfterList())
                    .filteredOn(submod -> submod.getName().equals(Ear.PLATFORM))
                    .singleElement()
                    .returns(AttestationStatus.ATTESTATION_STATUS_WARNING, SubmodAppraisal::getStatus)
                    .returns(33, submod -> submod.getTrustVectorOrThrow("executables"))
                    .returns(
                            "policy firmware, rule version: this boot loader is to be replaced",
                            SubmodAppraisal::getProblem);
        }
        assertThat(active()).isEmpty();
        assertThat(service.attestation()
                        .listResults(ListResultsRequest.getDefaultInstance())
                        .getResultsCount())
                .isEqualTo(1);
    }

    @Test
    void saysWhichIsNotThere() {
        assertThatThrownBy(() -> activate(
                        AppraisalPolicy.newBuilder().setPolicyId("absent").build()))
                .hasMessageContaining("NOT_FOUND: policy 'absent'");
        assertThatThrownBy(() -> service.policies()
                        .dryRunPolicy(DryRunPolicyRequest.newBuilder()
                                .setDocument(OLD_FIRMWARE)
                                .setResultId("absent")
                                .build()))
                .hasMessageContaining("NOT_FOUND: result");
        assertThatThrownBy(() -> service.policies().dryRunPolicy(DryRunPolicyRequest.getDefaultInstance()))
                .hasMessageContaining("INVALID_ARGUMENT: policy: absent");
    }

    @Test
    void asksForTheAdminToken() {
        assertThatThrownBy(() ->
                        service.policiesWithoutToken().deactivatePolicy(DeactivatePolicyRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE policy SET document = ''",
                "DELETE FROM policy",
                "UPDATE policy_activation SET policy_id = ''",
                "DELETE FROM policy_activation"
            })
    void theDatabaseRefusesToChangeWhatWasPut(String change) {
        activate(put(OLD_FIRMWARE));
        try (Database opened = database.map(shared -> Database.openPostgresql(shared, AttestationService.MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(state.resolve("attestation.db"), AttestationService.MIGRATIONS))) {
            assertThatThrownBy(() -> opened.write("change", connection -> {
                        try (var statement = connection.createStatement()) {
                            return statement.executeUpdate(change);
                        }
                    }))
                    .isInstanceOf(StorageException.class)
                    .hasStackTraceContaining("append-only");
        }
    }

    private dev.realmesh.proto.attestation.v1.AttestationResult appraise() {
        return service.appraise("good-399").getResult();
    }

    private AppraisalPolicy put(String document) {
        return service.policies()
                .putPolicy(PutPolicyRequest.newBuilder().setDocument(document).build())
                .getPolicy();
    }

    private void activate(AppraisalPolicy policy) {
        service.policies()
                .activatePolicy(ActivatePolicyRequest.newBuilder()
                        .setPolicyId(policy.getPolicyId())
                        .build());
    }

    private List<String> active() {
        return service.policies().listPolicies(ListPoliciesRequest.getDefaultInstance()).getPoliciesList().stream()
                .filter(AppraisalPolicy::getActive)
                .map(AppraisalPolicy::getPolicyId)
                .toList();
    }
}
