// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.BoundedJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Evidence of CCA as Trustee's guests send it: `{"token": […]}`, the bytes of the CCA token as an array of numbers.
final class CcaEvidenceJson {
    private static final String FIELD = "evidence";
    private static final int MAX_JSON_BYTES = 512 * 1024;
    private static final int MAX_TOKEN_BYTES = 64 * 1024;

    private CcaEvidenceJson() {}

    /// The CCA token.
    ///
    /// @param evidence the JSON in base64url
    /// @throws CocoException.Malformed if it is something else, or over a limit
    /// @throws dev.realmesh.kbs.KbsException.Malformed if it is no JSON object, or over a limit
    static Bytes read(String evidence) {
        Bytes json = Base64Url.decode(FIELD, evidence, MAX_JSON_BYTES);
        ObjectNode object = BoundedJson.object(FIELD, json.toByteArray(), MAX_JSON_BYTES);
        JsonNode token = object.path("token");
        if (!token.isArray() || token.isEmpty() || token.size() > MAX_TOKEN_BYTES) {
            throw new CocoException.Malformed(
                    "evidence token: " + (token.isArray() ? token.size() + " numbers" : "no array")
                            + " (expected: an array of 1 to " + MAX_TOKEN_BYTES + " numbers, each a byte)");
        }
        byte[] bytes = new byte[token.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octet(token.path(i));
        }
        return Bytes.copyOf(bytes);
    }

    private static int octet(JsonNode number) {
        if (number.isIntegralNumber() && number.canConvertToInt()) {
            int value = number.intValue();
            if (value >= 0 && value <= 255) {
                return value;
            }
        }
        throw new CocoException.Malformed("evidence token: an element is no byte (expected: integers, 0 to 255)");
    }
}
