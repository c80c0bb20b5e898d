// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.CanonicalJson;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// What evidence must be fresh for.
///
/// @param challenge what the realm challenge must be, 64 bytes
/// @param claims what a token says of it: a JSON object, or null
public record RuntimeDataBinding(Bytes challenge, JsonNode claims) {
    private static final int CHALLENGE_BYTES = 64;
    private static final int MIN_RAW_BYTES = 8;
    private static final int MAX_JSON_BYTES = 1 << 20;
    /// Evidence of further devices, which may be large: bound by the digest, and not repeated in the token, as in a
    /// Trustee whose tokens are not verbose.
    private static final String LEFT_OUT = "additional-evidence";

    /// A JSON object, by the digest of its canonical form (RFC 8785) with zero bytes after it.
    ///
    /// @param algorithm sha256, sha384 or sha512; empty stands for sha384
    /// @throws CocoException.Malformed if the algorithm is another
    /// @throws dev.realmesh.kbs.KbsException.Malformed if it is no JSON object, or over a limit
    public static RuntimeDataBinding structured(String json, String algorithm) {
        ObjectNode object =
                BoundedJson.object("structured_runtime_data", json.getBytes(StandardCharsets.UTF_8), MAX_JSON_BYTES);
        Bytes canonical = Bytes.copyOf(CanonicalJson.of(object).getBytes(StandardCharsets.UTF_8));
        Bytes digest = Signatures.digest(hash(algorithm), canonical);
        object.remove(LEFT_OUT);
        return new RuntimeDataBinding(digest.padTo(CHALLENGE_BYTES), object);
    }

    /// A digest, with zero bytes after it; a longer one is not cut.
    ///
    /// @param raw 8 to 64 bytes in base64url
    /// @throws CocoException.Malformed if it is something else
    public static RuntimeDataBinding raw(String raw) {
        Bytes digest = Base64Url.decode("raw_runtime_data", raw, CHALLENGE_BYTES);
        if (digest.size() < MIN_RAW_BYTES || digest.size() > CHALLENGE_BYTES) {
            throw new CocoException.Malformed("raw_runtime_data: " + digest.size() + " bytes (expected: "
                    + MIN_RAW_BYTES + " to " + CHALLENGE_BYTES + ")");
        }
        return new RuntimeDataBinding(digest.padTo(CHALLENGE_BYTES), NullNode.getInstance());
    }

    private static String hash(String algorithm) {
        return switch (algorithm) {
            case "", "sha384" -> "SHA-384";
            case "sha256" -> "SHA-256";
            case "sha512" -> "SHA-512";
            default ->
                throw new CocoException.Malformed(
                        "runtime_data_hash_algorithm: unknown (expected: sha256, sha384 or sha512)");
        };
    }
}
