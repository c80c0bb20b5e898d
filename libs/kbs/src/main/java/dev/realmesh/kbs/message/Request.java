// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.message;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A guest's first message: `{"version","tee","extra-params"}`. The parameters negotiate a hash for a TEE that is not
/// spoken to here; they must be there and are not looked at.
///
/// @param version of the protocol
/// @param tee name of the TEE
public record Request(String version, String tee) {
    private static final int MAX_BYTES = 16 << 10;
    private static final String WHAT = "Request";

    /// Reads it.
    ///
    /// @throws KbsException.Malformed if it is something else
    public static Request parse(byte[] json) {
        ObjectNode request = BoundedJson.object(WHAT, json, MAX_BYTES);
        if (!request.has("extra-params")) {
            throw new KbsException.Malformed(WHAT + " extra-params", "missing (expected: any JSON)");
        }
        return new Request(text(request, "version"), text(request, "tee"));
    }

    /// What a guest sends.
    public byte[] toJson() {
        ObjectNode request = BoundedJson.newObject();
        request.put("version", version);
        request.put("tee", tee);
        request.put("extra-params", "");
        return BoundedJson.bytes(request);
    }

    private static String text(ObjectNode request, String member) {
        JsonNode value = request.path(member);
        if (!value.isString()) {
            throw new KbsException.Malformed(WHAT + " " + member, "missing or no string (expected: a string)");
        }
        return value.stringValue();
    }
}
