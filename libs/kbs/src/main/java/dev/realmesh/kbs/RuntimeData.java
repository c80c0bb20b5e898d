// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What a session's evidence is bound to: nonce, TEE key, and the evidence of further devices as text (empty if there
/// is
/// none). Guest and broker compute the same [#challenge] from it.
///
/// @param nonce the session's nonce
/// @param teePublicKey the TEE's key
/// @param additionalEvidence JSON text of further devices' evidence, or the empty string
public record RuntimeData(Nonce nonce, TeePublicKey teePublicKey, String additionalEvidence) {
    /// Runtime data of a Realm without further devices.
    public RuntimeData(Nonce nonce, TeePublicKey teePublicKey) {
        this(nonce, teePublicKey, "");
    }

    /// SHA-384 of the RFC 8785 form of `{"additional-evidence","nonce","tee-pubkey"}`, followed by 16 zero bytes.
    public Challenge challenge() {
        try {
            MessageDigest sha384 = MessageDigest.getInstance("SHA-384");
            return Challenge.ofDigest(sha384.digest(canonical().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-384: not served by this Java", e);
        }
    }

    String canonical() {
        var json = BoundedJson.newObject();
        json.put("additional-evidence", additionalEvidence);
        json.put("nonce", nonce.toBase64());
        json.set("tee-pubkey", teePublicKey.toTree());
        return CanonicalJson.of(json);
    }
}
