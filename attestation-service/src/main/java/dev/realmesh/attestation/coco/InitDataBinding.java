// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.coco;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.InitdataClaims;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// What the Realm must have been launched with.
///
/// @param personalizationValue what the RPV must be, 64 bytes: the digest, zero bytes after it; absent: it may be any
/// @param claims what a token says of it: a JSON object, or null
public record InitDataBinding(Optional<Bytes> personalizationValue, JsonNode claims) {
    /// Nothing is asked for.
    public static final InitDataBinding NONE = new InitDataBinding(Optional.empty(), NullNode.getInstance());

    private static final Set<Integer> DIGEST_BYTES = Set.of(32, 48, 64);

    /// The digest of an initdata document.
    ///
    /// @param digest 32, 48 or 64 bytes in base64url
    /// @throws CocoException.Malformed if it is something else
    public static InitDataBinding digest(String digest) {
        Bytes bytes = Base64Url.decode("init_data_digest", digest, Initdata.RPV_LENGTH);
        if (!DIGEST_BYTES.contains(bytes.size())) {
            throw new CocoException.Malformed("init_data_digest: " + bytes.size() + " bytes (expected: 32, 48 or 64)");
        }
        return new InitDataBinding(Optional.of(bytes.padTo(Initdata.RPV_LENGTH)), NullNode.getInstance());
    }

    /// An initdata document.
    ///
    /// @throws dev.realmesh.kbs.KbsException.Malformed if it is none, or over a limit
    public static InitDataBinding toml(String document) {
        Initdata initdata = Initdata.parse(document.getBytes(StandardCharsets.UTF_8));
        return new InitDataBinding(
                Optional.of(Bytes.copyOf(initdata.personalizationValue())), InitdataClaims.of(initdata));
    }
}
