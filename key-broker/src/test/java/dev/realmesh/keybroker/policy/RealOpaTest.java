// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.policy.opa.RealOpa;
import dev.realmesh.policy.opa.RecordedOpa;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The recordings, replayed to a real OPA, where there is one.
@Timeout(120)
class RealOpaTest {
    @ParameterizedTest
    @EnumSource
    void answersAsItWasRecorded(RecordedOpa.Mode mode) {
        RealOpa.requireRecordedAnswers(mode);
    }
}
