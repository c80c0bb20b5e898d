// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import dev.realmesh.cca.Bytes;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The JSON forms of an EAR, with Veraison's claims or with Trustee's.
final class EarJson {
    private static final String NONCE = "eat_nonce";
    static final String PROFILE = "eat_profile";
    private static final String ISSUED_AT = "iat";
    private static final String VERIFIER = "ear.verifier-id";
    static final String SUBMODS = "submods";
    private static final String STATUS = "ear.status";
    private static final String VECTOR = "ear.trustworthiness-vector";
    private static final String POLICY = "ear.appraisal-policy-id";
    private static final String POLICY_CLAIMS = "ear.veraison.policy-claims";
    private static final String EVIDENCE = "ear.veraison.annotated-evidence";

    private static final String EXPIRES_AT = "exp";
    private static final String ISSUER = "iss";

    private EarJson() {}

    static Map<String, Object> write(Ear ear) {
        Map<String, Object> submods = new TreeMap<>();
        ear.submods().forEach((name, appraisal) -> submods.put(name, write(appraisal, vector(appraisal))));
        Map<String, Object> json = new TreeMap<>();
        json.put(PROFILE, Ear.PROFILE);
        json.put(ISSUED_AT, ear.issuedAt().getEpochSecond());
        json.put(NONCE, Base64.getUrlEncoder().encodeToString(ear.nonce().toByteArray()));
        json.put(VERIFIER, write(ear.verifier()));
        json.put(SUBMODS, submods);
        return json;
    }

    static Ear read(Map<String, Object> json) {
        String profile = text(json, PROFILE);
        if (!profile.equals(Ear.PROFILE)) {
            throw new EarException.WrongProfile(profile);
        }
        Ear.VerifierId verifier = verifier(json);
        SortedMap<String, SubmodAppraisal> submods = submods(json);
        try {
            return Ear.of(
                    Instant.ofEpochSecond(integer(json, ISSUED_AT)),
                    Bytes.copyOf(Base64.getUrlDecoder().decode(text(json, NONCE))),
                    verifier,
                    submods);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw malformed(String.valueOf(e.getMessage()), e);
        }
    }

    /// Trustee's form: it expires and names its issuer, has no nonce, and a vector has only what is claimed.
    static Map<String, Object> write(TrusteeEar ear) {
        Map<String, Object> submods = new TreeMap<>();
        ear.submods().forEach((name, appraisal) -> submods.put(name, writeTrustee(appraisal)));
        Map<String, Object> json = new TreeMap<>();
        json.put(PROFILE, TrusteeEar.PROFILE);
        json.put(ISSUED_AT, ear.issuedAt().getEpochSecond());
        json.put(EXPIRES_AT, ear.expiresAt().getEpochSecond());
        json.put(ISSUER, ear.issuer());
        json.put(VERIFIER, write(ear.verifier()));
        json.put(SUBMODS, submods);
        return json;
    }

    /// A submod in Trustee's form.
    static Map<String, Object> writeTrustee(SubmodAppraisal appraisal) {
        Map<String, Object> claimed = vector(appraisal);
        claimed.values().removeIf(value -> value.equals(0));
        return write(appraisal, claimed);
    }

    static TrusteeEar readTrustee(Map<String, Object> json) {
        String profile = text(json, PROFILE);
        if (!profile.equals(TrusteeEar.PROFILE)) {
            throw new EarException.WrongProfile(profile);
        }
        Ear.VerifierId verifier = verifier(json);
        SortedMap<String, SubmodAppraisal> submods = submods(json);
        try {
            return new TrusteeEar(
                    Instant.ofEpochSecond(integer(json, ISSUED_AT)),
                    Instant.ofEpochSecond(integer(json, EXPIRES_AT)),
                    json.containsKey(ISSUER) ? text(json, ISSUER) : "",
                    verifier,
                    submods);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw malformed(String.valueOf(e.getMessage()), e);
        }
    }

    private static Map<String, Object> write(Ear.VerifierId verifier) {
        return Map.of("developer", verifier.developer(), "build", verifier.build());
    }

    private static Map<String, Object> vector(SubmodAppraisal appraisal) {
        Map<String, Object> vector = new TreeMap<>();
        for (TrustClaim claim : TrustClaim.values()) {
            vector.put(claim.earName(), appraisal.vector().get(claim));
        }
        return vector;
    }

    private static Map<String, Object> write(SubmodAppraisal appraisal, Map<String, Object> vector) {
        Map<String, Object> json = new TreeMap<>();
        json.put(STATUS, appraisal.status().earName());
        json.put(VECTOR, vector);
        json.put(POLICY, appraisal.policyId());
        if (!appraisal.policyClaims().isEmpty()) {
            json.put(POLICY_CLAIMS, appraisal.policyClaims());
        }
        if (!appraisal.annotatedEvidence().isEmpty()) {
            json.put(EVIDENCE, appraisal.annotatedEvidence());
        }
        return json;
    }

    private static Ear.VerifierId verifier(Map<String, Object> json) {
        Map<String, Object> verifier = object(json, VERIFIER);
        return new Ear.VerifierId(text(verifier, "developer"), text(verifier, "build"));
    }

    private static SortedMap<String, SubmodAppraisal> submods(Map<String, Object> json) {
        SortedMap<String, SubmodAppraisal> submods = new TreeMap<>();
        Map<String, Object> appraisals = object(json, SUBMODS);
        appraisals.keySet().forEach(name -> submods.put(name, readAppraisal(object(appraisals, name))));
        return submods;
    }

    private static SubmodAppraisal readAppraisal(Map<String, Object> json) {
        String name = text(json, STATUS);
        TrustTier status =
                TrustTier.ofName(name).orElseThrow(() -> new EarException.Malformed(STATUS + " is none that is known"));
        TrustVector vector = TrustVector.NO_CLAIM;
        Map<String, Object> values = optionalObject(json, VECTOR);
        for (TrustClaim claim : TrustClaim.values()) {
            if (values.containsKey(claim.earName())) {
                vector = vector.with(claim, claimValue(values, claim));
            }
        }
        String policy = json.containsKey(POLICY) ? text(json, POLICY) : "";
        return new SubmodAppraisal(
                status, vector, policy, optionalObject(json, POLICY_CLAIMS), optionalObject(json, EVIDENCE));
    }

    private static int claimValue(Map<String, Object> vector, TrustClaim claim) {
        long value = integer(vector, claim.earName());
        if (value < Byte.MIN_VALUE || value > Byte.MAX_VALUE) {
            throw new EarException.Malformed(claim.earName() + " is out of range (expected: -128 to 127)");
        }
        return (int) value;
    }

    private static String text(Map<String, Object> json, String key) {
        if (json.get(key) instanceof String text) {
            return text;
        }
        throw new EarException.Malformed(key + " is no text");
    }

    private static long integer(Map<String, Object> json, String key) {
        if (json.get(key) instanceof Number number && number.doubleValue() == number.longValue()) {
            return number.longValue();
        }
        throw new EarException.Malformed(key + " is no integer");
    }

    private static Map<String, Object> optionalObject(Map<String, Object> json, String key) {
        return json.containsKey(key) ? object(json, key) : Map.of();
    }

    static Map<String, Object> object(Map<String, Object> json, String key) {
        if (!(json.get(key) instanceof Map<?, ?> object)) {
            throw new EarException.Malformed(key + " is no object");
        }
        Map<String, Object> typed = new TreeMap<>();
        object.forEach((name, value) -> {
            if (value != null) {
                typed.put(String.valueOf(name), value);
            }
        });
        return typed;
    }

    private static EarException malformed(String what, RuntimeException cause) {
        EarException refused = new EarException.Malformed(what);
        refused.initCause(cause);
        return refused;
    }
}
