// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.http;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What administrators of Trustee set policies with: `{"policy": "base64url without padding"}`.
final class PolicyRequest {
    /// Largest request, in bytes: a policy of 64 KiB.
    static final int MAX_BYTES = 128 << 10;

    private PolicyRequest() {}

    /// A request as JSON.
    ///
    /// @throws KbsException.Malformed if it is no object, or too long
    static ObjectNode json(byte[] body) {
        return BoundedJson.object("SetPolicy request", body, MAX_BYTES);
    }

    /// The text of the policy in a request.
    ///
    /// @throws KbsException.Malformed if there is none
    static String policy(ObjectNode request) {
        return decoded(text(request, "policy"));
    }

    /// A member that is a text.
    ///
    /// @throws KbsException.Malformed if it is none
    static String text(ObjectNode request, String member) {
        JsonNode value = request.path(member);
        if (!value.isString()) {
            throw new KbsException.Malformed(
                    "SetPolicy request", "without " + member + " (expected: " + member + ", a text)");
        }
        return value.stringValue();
    }

    private static String decoded(String policy) {
        if (policy.indexOf('=') >= 0) {
            throw notBase64();
        }
        try {
            byte[] text = Base64.getUrlDecoder().decode(policy);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw notBase64();
        }
    }

    private static KbsException.Malformed notBase64() {
        return new KbsException.Malformed("policy", "not text in base64url without padding (expected: Rego in it)");
    }
}
