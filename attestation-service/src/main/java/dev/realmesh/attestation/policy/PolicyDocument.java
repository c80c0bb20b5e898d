// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import java.util.List;

/// A policy as an operator writes it.
///
/// @param name what it is called, 1 to 63 characters; its versions have one name
/// @param rules those that hold count, in whatever order
public record PolicyDocument(String name, List<Rule> rules) {
    public PolicyDocument {
        rules = List.copyOf(rules);
    }

    /// One rule.
    ///
    /// @param name what it is called
    /// @param submods what it is about
    /// @param when the CEL expression that says whether it holds
    /// @param effect what follows then
    public record Rule(String name, List<String> submods, String when, Effect effect) {
        public Rule {
            submods = List.copyOf(submods);
        }
    }
}
