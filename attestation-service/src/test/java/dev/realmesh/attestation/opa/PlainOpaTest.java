// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.RegoModule;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An OPA that was started without `--v0-compatible`.
class PlainOpaTest {
    private final RecordedOpa server = RecordedOpa.start(RegoEngine.FRAME, RecordedOpa.Mode.PLAIN);
    private final Opa opa = Opa.open(OpaConfig.of(server.uri()), RegoEngine.FRAME);

    @AfterEach
    void stop() {
        opa.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "import rego.v1\n", "import future.keywords\n"})
    void runsPoliciesOfVersion1(String imports) {
        RegoModule module = RegoModule.of(
                RegoEngine.FRAME,
                PolicyText.rego(
                        "", "package policy\n" + imports + "status = WARNING if input.submod == \"CCA_REALM\"\n"));

        assertThat(opa.outcome(module, Map.of("submod", "CCA_REALM"))
                        .orElseThrow()
                        .get("status")
                        .asInt())
                .isEqualTo(32);
    }

    @Test
    void saysHowItWouldTakeThoseOfVersion0() {
        assertThatThrownBy(() ->
                        new RegoEngine(opa).compile(PolicyText.rego("", "package policy\nstatus = WARNING { true }\n")))
                .isInstanceOf(PolicyException.Invalid.class)
                .hasMessage(
                        "1 error occurred: policy.rego:2: rego_parse_error: `if` keyword is required before rule body;"
                                + " Rego v0 is taken by an OPA that was started with --v0-compatible");
    }
}
