// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;

/// A condition in CEL, parsed and type-checked.
public final class CelCondition {
    private final CelRuntime.Program program;

    CelCondition(CelRuntime.Program program) {
        this.program = program;
    }

    /// Whether it holds.
    ///
    /// @param variables as JSON values: maps, lists, texts, numbers, booleans, `null`s
    /// @throws CelFailure if that cannot be said
    public boolean holds(Map<String, Object> variables) throws CelFailure {
        try {
            if (program.eval(JsonValues.of(variables)) instanceof Boolean holds) {
                return holds;
            }
        } catch (CelEvaluationException e) {
            throw new CelFailure(String.valueOf(e.getMessage()), e);
        }
        throw new CelFailure("neither true nor false", null);
    }
}
