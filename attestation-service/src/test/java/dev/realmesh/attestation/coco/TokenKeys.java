// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A published set of keys, as who relies on tokens uses it: by the `kid` of a token's header.
public record TokenKeys(JsonNode keys) {
    /// @param json a JWK set
    public static TokenKeys of(String json) {
        return new TokenKeys(JsonMapper.shared().readTree(json).required("keys"));
    }

    /// Whether the key that the token names is in the set, and signed it.
    public boolean signed(String jwt) {
        String[] parts = jwt.split("\\.");
        JsonNode kid =
                JsonMapper.shared().readTree(decode(parts[0]).toByteArray()).required("kid");
        Bytes content = Bytes.copyOf((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return keys.valueStream()
                .filter(key -> key.required("kid").equals(kid))
                .anyMatch(key -> Signatures.verify(
                        Signatures.publicKey(new CoseKey(EcCurve.P256, coordinate(key, "x"), coordinate(key, "y"))),
                        CoseAlgorithm.ES256,
                        content,
                        decode(parts[2])));
    }

    private static Bytes coordinate(JsonNode key, String name) {
        return decode(key.required(name).stringValue());
    }

    private static Bytes decode(String text) {
        return Bytes.copyOf(Base64.getUrlDecoder().decode(text));
    }
}
