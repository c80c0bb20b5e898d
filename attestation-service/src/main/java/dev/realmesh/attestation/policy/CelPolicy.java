// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import dev.realmesh.policy.PolicyLanguage;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.cel.CelCondition;
import dev.realmesh.policy.cel.CelConditions;
import dev.realmesh.policy.cel.CelConditions.Variable;
import dev.realmesh.policy.cel.CelFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A policy in CEL.
public final class CelPolicy implements CompiledPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(CelPolicy.class);
    private static final CelConditions CONDITIONS = CelConditions.over(
            Map.of(
                    "scheme", Variable.TEXT,
                    "submod", Variable.TEXT,
                    "nonce", Variable.TEXT,
                    "session", Variable.OBJECT,
                    "result", Variable.OBJECT,
                    "evidence", Variable.OBJECT,
                    "endorsements", Variable.OBJECTS),
            PolicyReader.MAX_CONDITION);

    private final PolicyDocument document;
    private final List<Rule> rules;

    private record Rule(PolicyDocument.Rule rule, CelCondition condition) {}

    private CelPolicy(PolicyDocument document, List<Rule> rules) {
        this.document = document;
        this.rules = rules;
    }

    /// A policy in CEL, whose text has its name.
    ///
    /// @throws PolicyException.Invalid if the text is no such policy; the message says where
    public static PolicyText text(String text) {
        return new PolicyText(PolicyLanguage.CEL, PolicyReader.read(text).name(), text);
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
                        .map(rule -> new Rule(rule, CONDITIONS.compile("rule " + rule.name() + ": when", rule.when())))
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
            return each.condition().holds(input.document())
                    ? Optional.of(new Effect(effect.status(), effect.claims(), effect.added(), rule + effect.reason()))
                    : Optional.empty();
        } catch (CelFailure e) {
            LOG.warn("{}{}", rule, e.getMessage());
            return Optional.of(Effect.failed(rule + "cannot be evaluated on this evidence"));
        }
    }
}
