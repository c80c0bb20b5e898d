// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import tools.jackson.databind.json.JsonMapper;

/// A module's recordings, replayed to a real OPA, where there is one.
public final class RealOpa {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RealOpa() {}

    /// Fails if it answers otherwise than was recorded.
    public static void requireRecordedAnswers(RecordedOpa.Mode mode) {
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
