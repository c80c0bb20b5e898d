// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.policy.CompiledPolicy;
import dev.realmesh.attestation.policy.Effect;
import dev.realmesh.attestation.policy.Findings;
import dev.realmesh.attestation.policy.PolicyInput;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RecordedOpa.Answer;
import dev.realmesh.policy.opa.RegoModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// An OPA that is away, slow, restarted, in trouble or none: never a yes.
@Timeout(60)
class OpaFaultsTest {
    private static final PolicyText POLICY = PolicyText.rego("faults", "package policy\nstatus = WARNING\n");
    private static final PolicyInput INPUT = new PolicyInput(
            new Findings(
                    Bytes.copyOf(new byte[8]),
                    Map.of(Ear.REALM, SubmodAppraisal.of(TrustVector.all(2), "policy:ARM_CCA", "")),
                    List::of),
            Ear.REALM);

    @TempDir
    private Path folder;

    private final RecordedOpa server = RecordedOpa.start(RegoEngine.FRAME);
    private final Opa opa = open(Duration.ofSeconds(10), 1);

    private Opa open(Duration timeout, int attempts) {
        return Opa.open(
                new OpaConfig(server.uri(), Optional.empty(), Optional.empty(), timeout, attempts), RegoEngine.FRAME);
    }

    @AfterEach
    void stop() {
        opa.close();
        server.close();
    }

    @Test
    void putsThePolicyAgainToAnOpaThatLostIt() {
        CompiledPolicy policy = new RegoEngine(opa).compile(POLICY);
        assertThat(policy.effects(INPUT)).extracting(Effect::status).containsExactly(Optional.of(TrustTier.WARNING));

        server.restart();
        server.requests.clear();

        assertThat(policy.effects(INPUT)).extracting(Effect::status).containsExactly(Optional.of(TrustTier.WARNING));
        assertThat(server.requests)
                .satisfiesExactly(
                        ask -> assertThat(ask).startsWith("POST /v1/data/realmesh/attestation/p"),
                        put -> assertThat(put).startsWith("PUT /v1/policies/realmesh/attestation/"),
                        again -> assertThat(again).isEqualTo(server.requests.getFirst()));
    }

    @Test
    void failsWhileOpaIsAwayAndGoesOnWhenItIsBack() {
        CompiledPolicy policy = new RegoEngine(opa).compile(POLICY);
        assertThat(opa.problem()).isEmpty();

        server.goAway();
        assertThatThrownBy(() -> policy.effects(INPUT))
                .isInstanceOf(PolicyException.Unavailable.class)
                .hasMessageContaining("503");
        assertThat(opa.problem()).hasValue("does not answer");

        server.comeBack();
        assertThat(policy.effects(INPUT)).hasSize(1);
        assertThat(opa.problem()).isEmpty();
    }

    @Test
    void saysThatOpaIsNotThere() {
        server.close();
        assertThatThrownBy(() -> new RegoEngine(opa).compile(POLICY))
                .isInstanceOf(PolicyException.Unavailable.class)
                .hasMessageStartingWith("OPA, " + server.uri());
        assertThat(opa.problem()).hasValue("does not answer");
    }

    @Test
    void doesNotWaitForASlowOne() {
        CountDownLatch never = new CountDownLatch(1);
        try (Opa impatient = open(Duration.ofMillis(200), 1)) {
            server.fail(request -> {
                await(never);
                return new Answer(200, "{}");
            });
            assertThatThrownBy(() -> new RegoEngine(impatient).compile(POLICY))
                    .isInstanceOf(PolicyException.Unavailable.class)
                    .hasMessageContaining("timed out");
        } finally {
            never.countDown();
        }
    }

    @Test
    void triesAgainWhileItIsInTrouble() {
        AtomicInteger failures = new AtomicInteger(2);
        server.fail(request -> failures.getAndDecrement() > 0 ? new Answer(500, "") : server.answer(request));
        try (Opa patient = open(Duration.ofSeconds(10), 3)) {
            assertThat(new RegoEngine(patient).compile(POLICY).effects(INPUT)).hasSize(1);
        }
    }

    @Test
    void leavesAnOpaAloneThatStaysInTrouble() {
        server.goAway();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> new RegoEngine(opa).compile(POLICY)).hasMessageContaining("503");
        }
        assertThatThrownBy(() -> new RegoEngine(opa).compile(POLICY)).hasMessageContaining("left alone for 10 s");
        assertThat(server.requests).hasSize(10);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of(new Answer(200, "<html>"), "answers no JSON"),
                Arguments.of(new Answer(200, " ".repeat(2 << 20)), "capacity"),
                Arguments.of(new Answer(200, "{}"), "does not keep the policy"),
                Arguments.of(new Answer(200, "[]"), "does not keep the policy"),
                Arguments.of(new Answer(200, "{\"result\":{}}"), "another outcome"),
                Arguments.of(new Answer(200, "{\"result\":true}"), "another outcome"),
                Arguments.of(new Answer(200, "{\"result\":{\"policy\":\"ab\",\"status\":2}}"), "another outcome"),
                Arguments.of(new Answer(500, "<html>"), "500"),
                Arguments.of(new Answer(500, "{\"code\":\"internal_error\"}"), "500"),
                Arguments.of(new Answer(500, "{\"errors\":[{\"code\":\"eval_cancel_error\"}]}"), "500"),
                Arguments.of(new Answer(404, "{}"), "404"),
                Arguments.of(new Answer(401, "{}"), "401"),
                Arguments.of(new Answer(307, "{}"), "307"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void takesNoOutcomeFromWhatIsNoOpa(Answer answer, String why) {
        CompiledPolicy policy = new RegoEngine(opa).compile(POLICY);
        server.fail(request -> request.method().equals("POST") ? answer : server.answer(request));

        assertThatThrownBy(() -> policy.effects(INPUT))
                .isInstanceOf(PolicyException.Unavailable.class)
                .hasMessageStartingWith("OPA, " + server.uri())
                .hasMessageContaining(why);
    }

    static Stream<Answer> noOutcomes() {
        return Stream.of(
                new Answer(200, outcome("\"status\":2")),
                new Answer(200, outcome("\"status\":null,\"trust-vector\":{},\"added-claims\":{}")),
                new Answer(200, outcome("\"status\":2,\"trust-vector\":{\"executables\":2},\"added-claims\":{}")));
    }

    private static String outcome(String fields) {
        return "{\"result\":{\"policy\":\""
                + RegoModule.of(RegoEngine.FRAME, POLICY).id() + "\"," + fields + "}}";
    }

    @ParameterizedTest
    @MethodSource("noOutcomes")
    void anIncompleteOutcomeIsANo(Answer answer) {
        CompiledPolicy policy = new RegoEngine(opa).compile(POLICY);
        server.fail(request -> answer);

        assertThat(policy.effects(INPUT))
                .extracting(Effect::status)
                .containsExactly(Optional.of(TrustTier.CONTRAINDICATED));
    }

    @Test
    void anOpaThatDoesNotTakeThePolicyAnyMoreIsNoYes() {
        CompiledPolicy policy = new RegoEngine(opa).compile(POLICY);
        server.restart();
        server.fail(request -> request.method().equals("PUT")
                ? new Answer(400, "{\"errors\":[{\"code\":\"rego_parse_error\",\"message\":\"x\"}]}")
                : server.answer(request));

        assertThatThrownBy(() -> policy.effects(INPUT)).isInstanceOf(PolicyException.Invalid.class);
    }

    @Test
    void showsItsToken() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "of-the-verifier\n");
        OpaConfig config = new OpaConfig(server.uri(), Optional.of(token), Optional.empty(), Duration.ofSeconds(10), 1);
        try (Opa authorized = Opa.open(config, RegoEngine.FRAME)) {
            new RegoEngine(authorized).compile(POLICY).close();
        }
        assertThat(server.authorizations).containsExactly("Bearer of-the-verifier", "Bearer of-the-verifier");
    }

    @Test
    void takesThePolicyAwayAgain() {
        CompiledPolicy policy = new RegoEngine(opa).compile(POLICY);
        policy.close();
        policy.close();
        assertThat(server.requests).hasSize(3).last().asString().startsWith("DELETE ");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
