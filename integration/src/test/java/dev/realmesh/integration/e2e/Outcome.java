// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/// What a call of the command line gave, as its caller sees it.
///
/// @param exitCode its exit code
/// @param out all of its standard output
/// @param err all of its standard error
record Outcome(int exitCode, String out, String err) {
    /// Exit code 0.
    ///
    /// @return its standard output
    String succeeded() {
        assertThat(exitCode).as(err).isZero();
        return out;
    }

    /// Refused or failed: exit code 1, nothing on standard output, and one line that says this.
    void failed(String... says) {
        assertThat(exitCode).as(err).isEqualTo(1);
        assertThat(out).isEmpty();
        assertThat(err.lines())
                .singleElement()
                .asString()
                .startsWith("realmesh: ")
                .contains(says);
    }
}
