// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.audit;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/// An event in its place in the log.
///
/// @param sequence 1 and up, without a gap
/// @param time when it was written, in milliseconds
/// @param event what happened
public record AuditEntry(long sequence, Instant time, AuditEvent event) {
    /// SHA-256 of the RFC 8785 form of the entry with the hash of the one before it:
    /// `{"action","actor","detail","outcome","previous","sequence","subject","time"}`, hashes in hex, the time in
    /// milliseconds since 1970.
    ///
    /// @param previous hash of the entry before, 32 bytes; zeros before the first
    public byte[] hash(byte[] previous) {
        ObjectNode json = BoundedJson.newObject();
        json.put("action", event.action().name());
        json.put("actor", event.actor());
        json.put("detail", event.detail());
        json.put("outcome", event.outcome().name());
        json.put("previous", HexFormat.of().formatHex(previous));
        json.put("sequence", sequence);
        json.put("subject", event.subject());
        json.put("time", time.toEpochMilli());
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(CanonicalJson.of(json).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not served by this Java", e);
        }
    }
}
