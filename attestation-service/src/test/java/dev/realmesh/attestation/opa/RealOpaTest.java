// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.realmesh.policy.opa.OpaProcess;
import dev.realmesh.policy.opa.RecordedOpa;
import dev.realmesh.policy.opa.Recording;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// The recordings, replayed to a real OPA, where there is one.
@Timeout(120)
class RealOpaTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @EnumSource
    void answersAsItWasRecorded(RecordedOpa.Mode mode) {
        Optional<Path> executable = OpaProcess.executable();
        assumeThat(executable)
                .as("executable opa on the path, or in the folder -Drealmesh.opa")
                .isPresent();
        Map<RecordedOpa.Request, RecordedOpa.Answer> recording = Recording.read(mode);
        assertThat(recording).isNotEmpty();
        SoftAssertions answers = new SoftAssertions();
        try (OpaProcess opa = OpaProcess.start(executable.get(), mode)) {
            recording.forEach((request, expected) -> {
                RecordedOpa.Answer answer = opa.send(request);
                answers.assertThat(answer.status()).as(request.path()).isEqualTo(expected.status());
                answers.assertThat(JSON.readTree(answer.body()))
                        .as(request.path())
                        .isEqualTo(JSON.readTree(expected.body()));
            });
        }
        answers.assertAll();
    }
}
