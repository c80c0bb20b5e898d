// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The public key of a TEE (member `tee-pubkey`): evidence is bound to it, and secrets are sealed to it. Elliptic
/// (P-256 or P-521, `ECDH-ES+A256KW`) or RSA of 2048 to 8192 bits (`RSA-OAEP-256`, and `RSA1_5` of old guests).
///
/// The JWK has exactly the members of its kind. Their text is kept as it came: the challenge is a hash over it.
public final class TeePublicKey {
    /// Longest JWK, in bytes.
    public static final int MAX_JWK_BYTES = 4096;

    private static final Set<String> EC_MEMBERS = Set.of("alg", "crv", "kty", "x", "y");
    private static final Set<String> RSA_MEMBERS = Set.of("alg", "e", "kty", "n");
    private static final Pattern BASE64_URL = Pattern.compile("[A-Za-z0-9_-]+");

    private final String canonical;
    private final JWK key;
    private final JWEAlgorithm algorithm;

    private TeePublicKey(String canonical, JWK key, JWEAlgorithm algorithm) {
        this.canonical = canonical;
        this.key = key;
        this.algorithm = algorithm;
    }

    /// Reads a public JWK.
    ///
    /// @throws KbsException.Malformed if it is over the limit, of another kind, has more or fewer members, or is no
    /// valid
    ///     key: a point off the curve, a modulus of another size
    public static TeePublicKey parse(byte[] jwk) {
        ObjectNode json = BoundedJson.object("TEE public key", jwk, MAX_JWK_BYTES);
        String kind = json.path("kty").asString("");
        return switch (kind) {
            case "EC" -> ec(json);
            case "RSA" -> rsa(json);
            default -> throw new KbsException.Malformed("TEE public key kty", "unknown (expected: EC or RSA)");
        };
    }

    /// The JWK in RFC 8785 form.
    public String toJson() {
        return canonical;
    }

    JWK key() {
        return key;
    }

    JWEAlgorithm algorithm() {
        return algorithm;
    }

    ObjectNode toTree() {
        return BoundedJson.object("TEE public key", canonical.getBytes(StandardCharsets.UTF_8), MAX_JWK_BYTES);
    }

    private static TeePublicKey ec(ObjectNode json) {
        BoundedJson.requireStrings("TEE public key", json, EC_MEMBERS);
        requireBase64Url(json, "x");
        requireBase64Url(json, "y");
        if (!(parseKey(json) instanceof ECKey key)
                || !(key.getCurve().equals(Curve.P_256) || key.getCurve().equals(Curve.P_521))) {
            throw new KbsException.Malformed("TEE public key crv", "another curve (expected: P-256 or P-521)");
        }
        requireAlgorithm(json, Set.of(JWEAlgorithm.ECDH_ES_A256KW.getName()));
        return new TeePublicKey(CanonicalJson.of(json), key, JWEAlgorithm.ECDH_ES_A256KW);
    }

    @SuppressWarnings("deprecation") // RSA1_5: guests of before 2025 have no other RSA algorithm
    private static TeePublicKey rsa(ObjectNode json) {
        BoundedJson.requireStrings("TEE public key", json, RSA_MEMBERS);
        requireBase64Url(json, "n");
        requireBase64Url(json, "e");
        if (!(parseKey(json) instanceof RSAKey key) || key.size() < 2048 || key.size() > 8192) {
            throw new KbsException.Malformed("TEE public key n", "another size (expected: 2048 to 8192 bits)");
        }
        String algorithm =
                requireAlgorithm(json, Set.of(JWEAlgorithm.RSA_OAEP_256.getName(), JWEAlgorithm.RSA1_5.getName()));
        return new TeePublicKey(CanonicalJson.of(json), key, JWEAlgorithm.parse(algorithm));
    }

    private static JWK parseKey(ObjectNode json) {
        try {
            JWK key = JWK.parse(json.toString());
            if (key instanceof ECKey ec) {
                ec.toECPublicKey();
            }
            return key;
        } catch (ParseException | JOSEException | IllegalStateException | IllegalArgumentException e) {
            throw new KbsException.Malformed(
                    "TEE public key", "no valid key (expected: a point of its curve, a modulus)");
        }
    }

    private static String requireAlgorithm(ObjectNode json, Set<String> known) {
        String algorithm = BoundedJson.text(json, "alg");
        if (!known.contains(algorithm)) {
            throw new KbsException.Malformed(
                    "TEE public key alg",
                    "unknown (expected: "
                            + String.join(" or ", known.stream().sorted().toList()) + ")");
        }
        return algorithm;
    }

    private static void requireBase64Url(ObjectNode json, String member) {
        if (!BASE64_URL.matcher(BoundedJson.text(json, member)).matches()) {
            throw new KbsException.Malformed("TEE public key " + member, "not base64url (expected: without padding)");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TeePublicKey tee && canonical.equals(tee.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    @Override
    public String toString() {
        return canonical;
    }
}
