// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The errors in an answer of OPA.
final class RegoErrors {
    private static final int MAX_SHOWN = 10;
    private static final int MAX_MESSAGE = 300;
    private static final String MODULE = "realmesh/\\w+/\\p{XDigit}+";
    private static final String FILE = "policy.rego";
    private static final String OF_EVALUATION = "eval_";
    private static final String CANCELLED = "eval_cancel_error";
    private static final List<String> OF_VERSION_0 =
            List.of("`if` keyword is required", "`contains` keyword is required");

    private RegoErrors() {}

    /// Errors with their place in the policy, in the words of Veraison (which are those of OPA's library). What is
    /// missed
    /// behind the policy is missed at its end.
    ///
    /// @param lines of the policy
    static String text(JsonNode answer, int lines) {
        List<JsonNode> errors = answer.path("errors").valueStream().toList();
        if (errors.isEmpty()) {
            return "1 error occurred: " + shortened(answer.path("message").asString("refused by OPA"));
        }
        String shown = errors.stream()
                .limit(MAX_SHOWN)
                .map(error -> line(error, lines))
                .collect(Collectors.joining("; "));
        String text = (errors.size() == 1 ? "1 error" : errors.size() + " errors") + " occurred: " + shown;
        return OF_VERSION_0.stream().anyMatch(text::contains)
                ? text + "; Rego v0 is taken by an OPA that was started with --v0-compatible"
                : text;
    }

    /// Whether it is the policy that cannot be evaluated on this input, rather than OPA that is in trouble.
    static boolean areOfThePolicy(JsonNode answer) {
        List<String> codes = answer.path("errors")
                .valueStream()
                .map(error -> error.path("code").asString(""))
                .toList();
        return !codes.isEmpty()
                && codes.stream().allMatch(code -> code.startsWith(OF_EVALUATION) && !code.equals(CANCELLED));
    }

    private static String line(JsonNode error, int lines) {
        JsonNode location = error.path("location");
        int row = location.path("row").asInt(0);
        int column = location.path("col").asInt(0);
        String place = column > 1 ? " (column " + column + ")" : "";
        return FILE + ":" + Math.min(row, lines) + ": "
                + error.path("code").asString("error") + ": "
                + shortened(error.path("message").asString(""))
                + (row > lines ? " (at the end)" : place);
    }

    private static String shortened(String message) {
        String line = message.replaceAll("\\s+", " ").replaceAll(MODULE, FILE);
        return line.substring(0, Math.min(line.length(), MAX_MESSAGE));
    }
}
