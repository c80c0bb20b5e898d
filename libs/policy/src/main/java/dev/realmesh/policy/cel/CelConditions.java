// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.cel;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.realmesh.policy.PolicyException;
import java.util.Map;
import java.util.stream.Collectors;

/// Conditions in CEL over the variables of a service. What one may cost is bounded by its length, its depth and its
/// iterations; there is no `map` macro, with which a chain could double what it holds at each step.
public final class CelConditions {
    private static final int MAX_DEPTH = 12;
    private static final int MAX_ITERATIONS = 10_000;
    private static final int MAX_REGEX_SIZE = 1000;
    private static final MapType JSON = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final Cel cel;

    private CelConditions(Cel cel) {
        this.cel = cel;
    }

    /// What a variable is.
    public enum Variable {
        /// A text.
        TEXT(SimpleType.STRING),
        /// A JSON object.
        OBJECT(JSON),
        /// A list of JSON objects.
        OBJECTS(ListType.create(JSON));

        private final CelType type;

        Variable(CelType type) {
            this.type = type;
        }
    }

    /// Conditions over these variables.
    ///
    /// @param maxCharacters longest condition
    public static CelConditions over(Map<String, Variable> variables, int maxCharacters) {
        CelBuilder builder = CelFactory.plannerCelBuilder()
                .setOptions(CelOptions.current()
                        .enableHeterogeneousNumericComparisons(true)
                        .maxExpressionCodePointSize(maxCharacters)
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
                .setResultType(SimpleType.BOOL);
        variables.forEach((name, variable) -> builder.addVar(name, variable.type));
        return new CelConditions(builder.build());
    }

    /// Parses and checks a condition.
    ///
    /// @param what it is, for the message
    /// @throws PolicyException.Invalid if it is none that says yes or no; the message says where
    public CelCondition compile(String what, String text) {
        try {
            return new CelCondition(cel.createProgram(cel.compile(text).getAst()));
        } catch (CelValidationException e) {
            String issues = e.getErrors().stream().map(CelConditions::line).collect(Collectors.joining("; "));
            throw new PolicyException.Invalid(what + ": " + issues + " (expected: a CEL expression that is a bool)");
        } catch (CelEvaluationException e) {
            throw new PolicyException.Invalid(what + ": " + e.getMessage() + " (expected: a CEL expression)");
        }
    }

    private static String line(CelIssue issue) {
        int line = issue.getSourceLocation().getLine();
        return issue.getMessage()
                + (line > 0
                        ? ", line " + line + ", column "
                                + (issue.getSourceLocation().getColumn() + 1)
                        : "");
    }
}
