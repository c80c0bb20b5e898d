// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.opa;

import dev.realmesh.attestation.policy.Effect;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a policy in Rego came to, as an effect. Zero, or no claim, asks for nothing; one that says what no policy can
/// say is a no.
final class RegoOutcome {
    private static final int MAX_ADDED_CHARACTERS = 16 * 1024;
    private static final int MAX_PROBLEM_CHARACTERS = 300;
    private static final String PROBLEM = "problem";

    private final String policy;

    private RegoOutcome(String policy) {
        this.policy = "policy " + policy;
    }

    /// The effect on an appraisal.
    ///
    /// @param policy name of the policy, for the reason
    /// @param outcome the document `outcome` of the module
    static Effect effect(String policy, JsonNode outcome, SubmodAppraisal appraisal) {
        RegoOutcome read = new RegoOutcome(policy);
        try {
            return read.effect(outcome, appraisal);
        } catch (IllegalArgumentException e) {
            return Effect.failed(read.policy + ": " + e.getMessage());
        }
    }

    private Effect effect(JsonNode outcome, SubmodAppraisal appraisal) {
        Map<String, Object> added = added(outcome.path("added-claims"));
        String problem = added.remove(PROBLEM) instanceof String text ? text : "";
        Optional<TrustTier> status = Optional.of(status(outcome.path("status"))).filter(tier -> tier != TrustTier.NONE);
        Effect effect = new Effect(status, claims(outcome.path("trust-vector")), added, "");
        SubmodAppraisal after = effect.on(appraisal);
        boolean lowers = after.status() != appraisal.status() || !after.vector().equals(appraisal.vector());
        if (problem.isEmpty() && !lowers) {
            return effect;
        }
        String reason = problem.isEmpty() ? "lowers the verdict" : problem;
        return new Effect(
                effect.status(),
                effect.claims(),
                effect.added(),
                policy + ": " + reason.substring(0, Math.min(reason.length(), MAX_PROBLEM_CHARACTERS)));
    }

    private static TrustTier status(JsonNode status) {
        if (status.isString()) {
            return TrustTier.ofName(status.asString()).orElseThrow(() -> unusable("status", status));
        }
        return switch (integer("status", status)) {
            case 0 -> TrustTier.NONE;
            case 2 -> TrustTier.AFFIRMING;
            case 32 -> TrustTier.WARNING;
            case 96 -> TrustTier.CONTRAINDICATED;
            default -> throw unusable("status", status);
        };
    }

    private static Map<TrustClaim, Integer> claims(JsonNode vector) {
        Map<TrustClaim, Integer> claims = new EnumMap<>(TrustClaim.class);
        for (TrustClaim claim : TrustClaim.values()) {
            JsonNode value = vector.path(claim.earName());
            int number = integer(claim.earName(), value);
            if (number < Byte.MIN_VALUE || number > Byte.MAX_VALUE) {
                throw unusable(claim.earName(), value);
            }
            if (number != 0) {
                claims.put(claim, number);
            }
        }
        return claims;
    }

    private static Map<String, Object> added(JsonNode added) {
        if (!added.isObject() || added.toString().length() > MAX_ADDED_CHARACTERS) {
            throw unusable("added_claims", added);
        }
        Map<String, Object> claims = new TreeMap<>();
        added.properties().forEach(claim -> {
            if (!claim.getValue().isNull()) {
                claims.put(claim.getKey(), JsonMapper.shared().treeToValue(claim.getValue(), Object.class));
            }
        });
        return claims;
    }

    private static int integer(String what, JsonNode value) {
        if (!value.isNumber() || !value.canConvertToInt() || !value.canConvertToExactIntegral()) {
            throw unusable(what, value);
        }
        return value.asInt();
    }

    private static IllegalArgumentException unusable(String what, JsonNode value) {
        String got = value.isNumber() ? value.toString() : value.getNodeType().toString();
        return new IllegalArgumentException(what + ": " + got + " (expected: "
                + switch (what) {
                    case "status" -> "0, 2, 32 or 96";
                    case "added_claims" -> "an object of at most " + MAX_ADDED_CHARACTERS + " characters";
                    default -> "-128 to 127";
                }
                + ")");
    }
}
