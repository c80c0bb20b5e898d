// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.audit;

import dev.realmesh.kbs.KbsException;
import java.security.MessageDigest;
import java.util.HexFormat;

/// Checks a log from its first entry on: nothing in it was changed, left out or put in. That nothing is missing at its
/// end shows who kept an earlier [#head].
public final class AuditChain {
    /// Length of a hash, in bytes.
    public static final int HASH_LENGTH = 32;

    private long sequence;
    private byte[] hash = new byte[HASH_LENGTH];

    /// A chain without entries.
    public AuditChain() {}

    /// Takes the next entry.
    ///
    /// @param claimed its hash, as the log has it
    /// @throws KbsException.ChainBroken if it is not what follows
    public void add(AuditEntry entry, byte[] claimed) {
        if (entry.sequence() != sequence + 1) {
            throw new KbsException.ChainBroken(entry.sequence(), "entry " + (sequence + 1) + " is missing before it");
        }
        byte[] expected = entry.hash(hash);
        if (!MessageDigest.isEqual(expected, claimed)) {
            throw new KbsException.ChainBroken(entry.sequence(), "another hash than it or an earlier one had");
        }
        sequence = entry.sequence();
        hash = expected;
    }

    /// How many entries there are.
    public long size() {
        return sequence;
    }

    /// The end of the chain: `SEQUENCE:HASH`, the hash in hex. It stands for all entries up to it.
    public String head() {
        return sequence + ":" + HexFormat.of().formatHex(hash);
    }
}
