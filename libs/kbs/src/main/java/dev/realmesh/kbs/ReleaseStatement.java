// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.util.Base64URL;
import tools.jackson.databind.node.ObjectNode;

/// What a broker's identity says about an answer: this JWE is my answer in the session of this nonce for this path. A
/// host
/// that stands between Realm and broker can neither answer in the broker's place nor swap one secret for another.
///
/// @param jwe the answer
/// @param nonce the session's nonce
/// @param path what was asked for
public record ReleaseStatement(KbsJwe jwe, Nonce nonce, ResourcePath path) {
    /// `{"jwe":"<sha-256 of the jwe, base64url>","nonce":"<base64>","path":"<path>"}`.
    byte[] toJson() {
        ObjectNode json = BoundedJson.newObject();
        json.put("jwe", Base64URL.encode(jwe.sha256()).toString());
        json.put("nonce", nonce.toBase64());
        json.put("path", path.toString());
        return BoundedJson.bytes(json);
    }
}
