// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A whole log: entries of one register, in order.
///
/// @param entries what happened, oldest first; all of the same register and hash
public record AaelLog(List<AaelEntry> entries) {
    /// Longest log, in bytes.
    public static final int MAX_BYTES = 1 << 20;

    /// Checks that the entries belong together.
    ///
    /// @throws AaelException.BadLog if one is of another register or hash than the first
    public AaelLog {
        entries = List.copyOf(entries);
        for (int i = 1; i < entries.size(); i++) {
            AaelEntry first = entries.getFirst();
            AaelEntry entry = entries.get(i);
            if (entry.register() != first.register() || entry.hash() != first.hash()) {
                throw new AaelException.BadLog(i + 1, "another register or hash (expected: that of the first entry)");
            }
        }
    }

    /// Reads a log. Each entry's digest is compared with its data; whether entries are missing, doubled or in another
    /// order shows only in [#replay].
    ///
    /// @throws AaelException.BadLog if it is over 1 MiB, an entry is none, or was changed
    public static AaelLog parse(byte[] log) {
        if (log.length > MAX_BYTES) {
            throw new AaelException.BadLog(1, "log of " + log.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        List<AaelEntry> entries = new ArrayList<>();
        for (ByteBuffer rest = ByteBuffer.wrap(log); rest.hasRemaining(); ) {
            entries.add(AaelEntry.read(entries.size() + 1, rest));
        }
        return new AaelLog(entries);
    }

    /// The value that the register has after all entries.
    ///
    /// @param initial its value before, as long as a digest of the log's hash
    /// @throws AaelException.BadLog if `initial` has another length
    public byte[] replay(byte[] initial) {
        byte[] register = initial.clone();
        for (AaelEntry entry : entries) {
            if (register.length != entry.hash().size()) {
                throw new AaelException.BadLog(
                        1,
                        "register of " + register.length + " bytes (expected: "
                                + entry.hash().size() + ")");
            }
            register = entry.extend(register);
        }
        return register;
    }

    /// The entries, one after the other.
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entries.forEach(entry -> bytes.writeBytes(entry.toBytes()));
        return bytes.toByteArray();
    }
}
