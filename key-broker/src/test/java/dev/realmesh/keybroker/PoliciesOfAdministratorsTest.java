// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.KeyReleaseTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.ear.Ear;
import dev.realmesh.keybroker.admin.AdminConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RecordedOpa.Answer;
import dev.realmesh.policy.opa.RegoFrame;
import dev.realmesh.proto.keybroker.v1.ActivateResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.DryRunResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.DryRunResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.GetResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcePoliciesRequest;
import dev.realmesh.proto.keybroker.v1.PolicyLanguage;
import dev.realmesh.proto.keybroker.v1.PutResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.RemoveResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.ResourcePolicy;
import dev.realmesh.proto.keybroker.v1.RollBackResourcePolicyRequest;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Resource policies by `ResourcePolicyService`, and what the one in force does to guests of a whole broker, by gRPC
/// and
/// over HTTP.
@Timeout(120)
class PoliciesOfAdministratorsTest {
    private static final String SECRET = "of the owner";
    private static final String A = "team-a/key/1";
    private static final String B = "team-b/key/1";
    private static final String ONLY_A = "data['resource-path'][0] == 'team-a' && input.submods.cpu0['ear.status'] =="
            + " 'affirming' && input.submods.CCA_REALM['ear.status'] == 'affirming'";
    private static final String ALLOW_ALL = "package policy\ndefault allow = true\n";

    @TempDir
    Path folder;

    private final RegoFrame frame = RegoFrame.of("keybroker", KeyBroker.class, "policy/frame.rego");
    private final RecordedOpa opa = RecordedOpa.start(frame);
    private BrokerUnderTest broker;
    private KbsClientUnderTest client;

    @BeforeEach
    void open() {
        broker = new BrokerUnderTest(folder, BrokerUnderTest.Options.DEFAULT.withOpa(opa.uri()));
        broker.put(A, SECRET.getBytes(StandardCharsets.UTF_8));
        broker.put(B, SECRET.getBytes(StandardCharsets.UTF_8));
        client = new KbsClientUnderTest(broker);
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
        opa.close();
    }

    @Test
    void policyInForceRefusesWhatWouldBeReleased() {
        GuestUnderTest guest = attested();
        guest.get(B);
        inForce(ONLY_A, PolicyLanguage.POLICY_LANGUAGE_CEL);

        assertThat(guest.secret(A, broker.broker.identity()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(SECRET);
        refused(Status.Code.PERMISSION_DENIED, () -> guest.get(B));
        client.auth().attest(broker.initdata);
        assertThat(client.open(client.get(A))).isEqualTo(SECRET);
        refusedOverHttp(client.get(B), 401, "PolicyDeny");
        assertThat(client.get(B).body()).isEqualTo(client.get("team-b/key/none").body());
        assertThat(broker.audit())
                .anyMatch(line -> line.endsWith(" RELEASE team-b/key/1 REFUSED policy resource-policy 1: is false"));
    }

    @Test
    void removedPolicyRefusesNothingAnyMore() {
        GuestUnderTest guest = attested();
        inForce("false", PolicyLanguage.POLICY_LANGUAGE_CEL);
        refused(Status.Code.PERMISSION_DENIED, () -> guest.get(A));

        broker.policies().removeResourcePolicy(RemoveResourcePolicyRequest.getDefaultInstance());

        assertThat(guest.get(A).getJwe()).isNotEmpty();
        assertThat(policies()).extracting(ResourcePolicy::getActive).containsExactly(false);
    }

    @Test
    void policyThatFailsOnTheResultRefuses() {
        GuestUnderTest guest = attested();
        inForce("input.submods.gpu0['ear.status'] == 'affirming'", PolicyLanguage.POLICY_LANGUAGE_CEL);

        refused(Status.Code.PERMISSION_DENIED, () -> guest.get(A));
        assertThat(broker.audit())
                .last()
                .asString()
                .endsWith("REFUSED policy resource-policy 1: cannot be evaluated on this result");
    }

    /// Upstream: contraindicated, and yet the secret, by its default policy and by any that allows all.
    @Test
    void policyThatAllowsAllReleasesNothingThatTheBrokerRefuses() {
        inForce("true", PolicyLanguage.POLICY_LANGUAGE_CEL);
        for (int executables : List.of(3, 33, 96)) {
            var submods = ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue());
            submods.put(
                    Ear.REALM,
                    ScriptedVerifier.submod(executables)
                            .annotated(submods.get(Ear.REALM).annotatedEvidence()));
            broker.verifier.answerSubmods(submods);
            try (KbsClientUnderTest guest = new KbsClientUnderTest(broker)) {
                guest.auth().attest(broker.initdata);
                assertThat(guest.get(A).statusCode())
                        .as("executables %d", executables)
                        .isEqualTo(401);
            }
        }
        assertThat(broker.audit()).noneMatch(line -> line.contains(" RELEASE " + A + " DONE"));
    }

    @Test
    void policyInRegoDecidesByItsOpa() {
        GuestUnderTest guest = attested();
        inForce(ALLOW_ALL, PolicyLanguage.POLICY_LANGUAGE_REGO);

        decides("[true]");
        assertThat(guest.get(A).getJwe()).isNotEmpty();
        for (String no : List.of("[false]", "[]", "[\"true\"]", "[1]", "true", "[[true]]", "[null]")) {
            decides(no);
            refused(Status.Code.PERMISSION_DENIED, () -> guest.get(A));
        }
    }

    @Test
    void opaThatIsAwayReleasesNothingAndIsNoRefusal() throws Exception {
        GuestUnderTest guest = attested();
        client.auth().attest(broker.initdata);
        inForce(ALLOW_ALL, PolicyLanguage.POLICY_LANGUAGE_REGO);
        opa.goAway();

        refused(Status.Code.UNAVAILABLE, () -> guest.get(A));
        refusedOverHttp(client.get(A), 503, "Unavailable");
        assertThat(broker.audit())
                .last()
                .asString()
                .contains(" RELEASE team-a/key/1 REFUSED policy cannot be asked: OPA, ", "503");
        assertThat(broker.broker.healthChecks())
                .filteredOn(check -> check.id().equals("opa"))
                .singleElement()
                .satisfies(check -> assertThat(check.probe().problem()).hasValue("does not answer"));

        opa.comeBack();
        opa.restart();
        decides("[true]");
        assertThat(guest.get(A).getJwe()).isNotEmpty();
    }

    /// Nobody else's Realm becomes worse or better by an OPA that is away.
    @Test
    void whatTheBrokerRefusesNeedsNoOpa() {
        inForce(ALLOW_ALL, PolicyLanguage.POLICY_LANGUAGE_REGO);
        opa.goAway();
        opa.requests.clear();
        var submods = ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue());
        submods.put(
                Ear.REALM,
                ScriptedVerifier.submod(3).annotated(submods.get(Ear.REALM).annotatedEvidence()));
        broker.verifier.answerSubmods(submods);
        GuestUnderTest guest = attested();

        refused(Status.Code.PERMISSION_DENIED, () -> guest.get(A));
        assertThat(opa.requests).isEmpty();
    }

    @Test
    void opaSeesTheClaimsAndTheRequest() {
        GuestUnderTest guest = attested();
        inForce(ALLOW_ALL, PolicyLanguage.POLICY_LANGUAGE_REGO);
        StringBuilder asked = new StringBuilder();
        opa.fail(request -> {
            if (request.method().equals("POST")) {
                asked.append(request.body());
                return decision(request.path(), "[true]");
            }
            return opa.answer(request);
        });

        guest.get(A);

        var document = KbsClientUnderTest.JSON.readTree(asked.toString()).required("input");
        assertThat(document.at("/data").toString())
                .isEqualTo("{\"plugin\":\"resource\",\"query\":{},\"resource-path\":[\"team-a\",\"key\",\"1\"]}");
        assertThat(document.at("/input/submods").propertyNames())
                .containsExactlyInAnyOrder(Ear.PLATFORM, Ear.REALM, "cpu0");
        assertThat(document.at("/input/submods/cpu0/ear.veraison.annotated-evidence/runtime_data_claims/tee-pubkey/x")
                        .stringValue())
                .isEqualTo(KbsClientUnderTest.JSON
                        .readTree(guest.key.publicKey().toJson())
                        .required("x")
                        .stringValue());
    }

    @Test
    void storesListsShowsActivatesAndRollsBack() {
        ResourcePolicy first = put("true", PolicyLanguage.POLICY_LANGUAGE_CEL);
        ResourcePolicy second = put("false", PolicyLanguage.POLICY_LANGUAGE_UNSPECIFIED);
        assertThat(second)
                .returns("resource-policy", ResourcePolicy::getName)
                .returns(2, ResourcePolicy::getVersion)
                .returns("false", ResourcePolicy::getText)
                .returns(PolicyLanguage.POLICY_LANGUAGE_CEL, ResourcePolicy::getLanguage)
                .returns(broker.clock.millis(), ResourcePolicy::getCreatedAtMillis)
                .returns(false, ResourcePolicy::getActive);
        activate(first.getPolicyId());
        activate(second.getPolicyId());
        assertThat(policies()).extracting(ResourcePolicy::getActive).containsExactly(true, false);

        broker.policies().rollBackResourcePolicy(RollBackResourcePolicyRequest.getDefaultInstance());

        assertThat(policies()).extracting(ResourcePolicy::getActive).containsExactly(false, true);
        assertThat(broker.policies()
                        .getResourcePolicy(GetResourcePolicyRequest.newBuilder()
                                .setPolicyId(first.getPolicyId())
                                .build())
                        .getPolicy())
                .isEqualTo(first.toBuilder().setActive(true).build());
        refused(
                Status.Code.NOT_FOUND,
                () -> broker.policies().rollBackResourcePolicy(RollBackResourcePolicyRequest.getDefaultInstance()));
        refused(Status.Code.NOT_FOUND, () -> activate("absent"));
        refused(Status.Code.INVALID_ARGUMENT, () -> put("1", PolicyLanguage.POLICY_LANGUAGE_CEL));
    }

    @Test
    void triesAPolicyOnAResultAndStoresNothing() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        String ear = guest.attest(broker.initdata).getEar();
        List<String> before = broker.audit();

        assertThat(tried(trial(ear, ONLY_A, A))).isEqualTo("allowed=true own= policy=");
        assertThat(tried(trial(ear, ONLY_A, B))).isEqualTo("allowed=false own= policy=is false");
        String contraindicated = new String(Vectors.bytes("coco/kbs-http/ear-cca.claims.json"), StandardCharsets.UTF_8)
                .replace("\"affirming\"", "\"contraindicated\"");
        assertThat(tried(trial(contraindicated, "true", A)))
                .isEqualTo(
                        "allowed=false own=appraisal: not affirming (expected: platform and Realm affirming) policy=");
        assertThat(tried(trial("{}", "true", A))).startsWith("allowed=false own=appraisal: not affirming");
        refused(Status.Code.INVALID_ARGUMENT, () -> trial("no result", "true", A));
        refused(Status.Code.INVALID_ARGUMENT, () -> trial(ear, "no policy", A));
        refused(Status.Code.INVALID_ARGUMENT, () -> trial(ear, "true", "no-path"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                () -> broker.policies()
                        .dryRunResourcePolicy(DryRunResourcePolicyRequest.newBuilder()
                                .setEar(ear)
                                .setPath(A)
                                .build()));

        assertThat(policies()).isEmpty();
        assertThat(broker.audit()).isEqualTo(before);
    }

    @Test
    void triesAPolicyThatIsStored() {
        String ear = new GuestUnderTest(broker.guest()).attest(broker.initdata).getEar();
        DryRunResourcePolicyRequest request = DryRunResourcePolicyRequest.newBuilder()
                .setPolicyId(put("false", PolicyLanguage.POLICY_LANGUAGE_CEL).getPolicyId())
                .setEar(ear)
                .setPath(A)
                .build();

        assertThat(tried(broker.policies().dryRunResourcePolicy(request)))
                .isEqualTo("allowed=false own= policy=is false");
    }

    @Test
    void isForAdministratorsWhoseRoleMay() {
        refused(
                Status.Code.UNAUTHENTICATED,
                () -> broker.policiesWith("Bearer x")
                        .listResourcePolicies(ListResourcePoliciesRequest.getDefaultInstance()));
        String writer = KbsClientUnderTest.JSON
                .readTree(Vectors.bytes("coco/kbs-http/admin.json"))
                .get(2)
                .at("/request/headers/Authorization")
                .stringValue();
        AdminConfig admins = new AdminConfig(
                "TrusteeInDocker",
                "KBS",
                List.of(Vectors.path("coco/kbs-http/admin-public.pem")),
                List.of("writer /kbs/v0/resource/team-a/.+"));
        try (BrokerUnderTest guarded = new BrokerUnderTest(folder.resolve("guarded"), admins)) {
            guarded.clock.advance(Duration.ofMinutes(-70));
            refused(
                    Status.Code.PERMISSION_DENIED,
                    () -> guarded.policiesWith(writer)
                            .putResourcePolicy(PutResourcePolicyRequest.newBuilder()
                                    .setText("true")
                                    .build()));
            assertThat(guarded.audit())
                    .containsExactly("admin:admin ADMINISTER /kbs/v0/resource-policy REFUSED role writer");
        }
    }

    /// Decides whatever is asked in this way.
    private void decides(String allow) {
        opa.fail(request -> request.method().equals("POST") ? decision(request.path(), allow) : opa.answer(request));
    }

    private Answer decision(String path, String allow) {
        String id =
                path.substring(("/v1/data/" + frame.folder() + "p").length()).replace("/outcome", "");
        return new Answer(200, "{\"result\":{\"policy\":\"" + id + "\",\"allow\":" + allow + "}}");
    }

    private GuestUnderTest attested() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);
        return guest;
    }

    private ResourcePolicy put(String text, PolicyLanguage language) {
        return broker.policies()
                .putResourcePolicy(PutResourcePolicyRequest.newBuilder()
                        .setText(text)
                        .setLanguage(language)
                        .build())
                .getPolicy();
    }

    private ResourcePolicy activate(String id) {
        return broker.policies()
                .activateResourcePolicy(ActivateResourcePolicyRequest.newBuilder()
                        .setPolicyId(id)
                        .build())
                .getPolicy();
    }

    private void inForce(String text, PolicyLanguage language) {
        assertThat(activate(put(text, language).getPolicyId()).getActive()).isTrue();
    }

    private List<ResourcePolicy> policies() {
        return broker.policies()
                .listResourcePolicies(ListResourcePoliciesRequest.getDefaultInstance())
                .getPoliciesList();
    }

    private DryRunResourcePolicyResponse trial(String ear, String text, String path) {
        return broker.policies()
                .dryRunResourcePolicy(DryRunResourcePolicyRequest.newBuilder()
                        .setEar(ear)
                        .setText(text)
                        .setPath(path)
                        .build());
    }

    private static String tried(DryRunResourcePolicyResponse trial) {
        return "allowed=" + trial.getAllowed() + " own=" + trial.getOwnRefusal() + " policy="
                + trial.getPolicyRefusal();
    }

    private static void refusedOverHttp(HttpResponse<String> answer, int status, String kind) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(KbsClientUnderTest.kind(answer)).isEqualTo(kind);
    }
}
