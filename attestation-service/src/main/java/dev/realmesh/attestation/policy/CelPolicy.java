// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A policy in CEL.
public final class CelPolicy implements CompiledPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(CelPolicy.class);

    private final PolicyDocument document;
    private final List<Rule> rules;

    private record Rule(PolicyDocument.Rule rule, CelExpression condition) {}

    private CelPolicy(PolicyDocument document, List<Rule> rules) {
        this.document = document;
        this.rules = rules;
    }

    /// Reads, parses and type-checks a policy.
    ///
    /// @param text the document, YAML or JSON
    /// @throws PolicyException.Invalid if it is none; the message says where
    public static CelPolicy compile(String text) {
        PolicyDocument document = PolicyReader.read(text);
        return new CelPolicy(
                document,
                document.rules().stream()
                        .map(rule -> new Rule(rule, CelExpression.compile(rule.name(), rule.when())))
                        .toList());
    }

    /// The effects of the rules that hold, each asked about the scheme's verdict. A rule that fails is a no.
    @Override
    public List<Effect> effects(PolicyInput input) {
        List<Effect> effects = new ArrayList<>();
        for (Rule each : rules) {
            if (each.rule().submods().contains(input.submod())) {
                effect(each, input).ifPresent(effects::add);
            }
        }
        return effects;
    }

    private Optional<Effect> effect(Rule each, PolicyInput input) {
        String rule = "policy " + document.name() + ", rule " + each.rule().name() + ": ";
        try {
            Effect effect = each.rule().effect();
            return each.condition().holds(input)
                    ? Optional.of(new Effect(effect.status(), effect.claims(), effect.added(), rule + effect.reason()))
                    : Optional.empty();
        } catch (CelEvaluationException e) {
            LOG.warn("{}{}", rule, e.getMessage());
            return Optional.of(Effect.failed(rule + "cannot be evaluated on this evidence"));
        }
    }
}
