// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.stream.Collectors;

/// A condition in CEL, parsed and type-checked. What it may cost is bounded by its length, its depth and its
/// iterations;
/// there is no `map` macro, with which a chain could double what it holds at each step.
final class CelExpression {
    static final int MAX_CHARACTERS = 2000;
    private static final int MAX_DEPTH = 12;
    private static final int MAX_ITERATIONS = 10_000;
    private static final int MAX_REGEX_SIZE = 1000;
    private static final MapType JSON = MapType.create(SimpleType.STRING, SimpleType.DYN);
    private static final Cel CEL = CelFactory.plannerCelBuilder()
            .setOptions(CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(MAX_CHARACTERS)
                    .maxParseRecursionDepth(MAX_DEPTH)
                    .comprehensionMaxIterations(MAX_ITERATIONS)
                    .maxRegexProgramSize(MAX_REGEX_SIZE)
                    .build())
            .setStandardMacros(
                    CelStandardMacro.HAS,
                    CelStandardMacro.ALL,
                    CelStandardMacro.EXISTS,
                    CelStandardMacro.EXISTS_ONE,
                    CelStandardMacro.FILTER)
            .addVar("scheme", SimpleType.STRING)
            .addVar("submod", SimpleType.STRING)
            .addVar("nonce", SimpleType.STRING)
            .addVar("session", JSON)
            .addVar("result", JSON)
            .addVar("evidence", JSON)
            .addVar("endorsements", ListType.create(JSON))
            .setResultType(SimpleType.BOOL)
            .build();

    private final CelRuntime.Program program;

    private CelExpression(CelRuntime.Program program) {
        this.program = program;
    }

    /// Parses and checks an expression.
    ///
    /// @throws PolicyException.Invalid if it is none that says yes or no
    static CelExpression compile(String rule, String text) {
        try {
            return new CelExpression(CEL.createProgram(CEL.compile(text).getAst()));
        } catch (CelValidationException e) {
            String issues = e.getErrors().stream().map(CelIssue::getMessage).collect(Collectors.joining("; "));
            throw new PolicyException.Invalid(
                    "rule " + rule + ": when: " + issues + " (expected: a CEL expression that is a bool)");
        } catch (CelEvaluationException e) {
            throw new PolicyException.Invalid(
                    "rule " + rule + ": when: " + e.getMessage() + " (expected: a CEL expression)");
        }
    }

    /// Whether it holds.
    ///
    /// @throws CelEvaluationException if that cannot be said
    boolean holds(PolicyInput input) throws CelEvaluationException {
        if (program.eval(input.document()) instanceof Boolean holds) {
            return holds;
        }
        throw new CelEvaluationException("neither true nor false");
    }
}
