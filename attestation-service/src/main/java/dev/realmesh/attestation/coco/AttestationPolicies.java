// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Policies by the ids that Trustee's API knows them by. The one there is, `default`, is the appraisal here with the
/// operator's rules in CEL; Rego is not evaluated.
public final class AttestationPolicies {
    static final String DEFAULT = "default";

    private static final int MAX_ID = 128;
    private static final int MAX_POLICY_BYTES = 256 * 1024;

    /// Checks that an appraisal can be by these policies; of several, the first counts.
    ///
    /// @throws CocoException.UnknownPolicy if it cannot
    public void requireKnown(List<String> ids) {
        if (!ids.isEmpty() && !ids.getFirst().equals(DEFAULT)) {
            throw new CocoException.UnknownPolicy();
        }
    }

    /// Would set a policy.
    ///
    /// @param policy Rego in base64url
    /// @throws CocoException.Malformed if it is something else, or over a limit
    /// @throws CocoException.PolicyLanguage if it is Rego
    public void set(String id, String policy) {
        if (id.isEmpty() || id.length() > MAX_ID) {
            throw new CocoException.Malformed(
                    "policy_id: " + id.length() + " characters (expected: 1 to " + MAX_ID + ")");
        }
        requireText(Base64Url.decode("policy", policy, MAX_POLICY_BYTES));
        throw new CocoException.PolicyLanguage();
    }

    private static void requireText(Bytes policy) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(policy.toByteArray()));
        } catch (CharacterCodingException e) {
            throw new CocoException.Malformed("policy: not text (expected: Rego in UTF-8)");
        }
    }
}
