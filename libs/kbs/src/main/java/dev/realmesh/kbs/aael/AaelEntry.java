// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// An event in a log: a TCG2 entry of one digest, little-endian: register, event type, digest count, algorithm, digest,
/// length, data.
///
/// @param register which measurement register it extended
/// @param hash of that register
/// @param event what happened
public record AaelEntry(int register, AaelHash hash, AaelEvent event) {
    /// EV_EVENT_TAG of the TCG PC Client specification.
    private static final int EVENT_TYPE = 6;

    private static final int MAX_DATA_BYTES = AaelEvent.MAX_CONTENT_BYTES + 1024;
    private static final int FIXED_BYTES = 4 + 4 + 4 + 2;

    /// Reads the next entry of a log.
    ///
    /// @param number its place, from 1
    /// @throws AaelException.BadLog if it is no entry, or its digest is not that of its data
    static AaelEntry read(int number, ByteBuffer log) {
        log.order(ByteOrder.LITTLE_ENDIAN);
        require(number, log.remaining() >= FIXED_BYTES, "cut off (expected: a whole entry)");
        int register = log.getInt();
        require(number, log.getInt() == EVENT_TYPE, "another type of event (expected: 6)");
        require(number, log.getInt() == 1, "another number of digests (expected: 1)");
        AaelHash hash = AaelHash.of(Short.toUnsignedInt(log.getShort()))
                .orElseThrow(() -> new AaelException.BadLog(
                        number, "unknown digest algorithm (expected: SHA-256, SHA-384 or SHA-512)"));
        byte[] digest = bytes(number, log, hash.size());
        require(number, log.remaining() >= 4, "cut off (expected: a whole entry)");
        int length = log.getInt();
        require(number, length >= 0 && length <= MAX_DATA_BYTES, "too long (expected: at most " + MAX_DATA_BYTES + ")");
        byte[] data = bytes(number, log, length);
        require(number, Arrays.equals(digest, hash.digest(data)), "digest of other data (expected: of this data)");
        return new AaelEntry(register, hash, AaelEvent.parse(number, data));
    }

    /// What the register is extended with: the hash of the event's data.
    public byte[] digest() {
        return hash.digest(event.toBytes());
    }

    /// What the register is after this entry: the hash of its value and [#digest].
    ///
    /// @param before its value, as long as a digest
    public byte[] extend(byte[] before) {
        return hash.digest(before, digest());
    }

    /// The entry as it stands in a log.
    public byte[] toBytes() {
        byte[] data = event.toBytes();
        return ByteBuffer.allocate(FIXED_BYTES + hash.size() + 4 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(register)
                .putInt(EVENT_TYPE)
                .putInt(1)
                .putShort((short) hash.number())
                .put(hash.digest(data))
                .putInt(data.length)
                .put(data)
                .array();
    }

    private static byte[] bytes(int number, ByteBuffer log, int length) {
        require(number, log.remaining() >= length, "cut off (expected: a whole entry)");
        byte[] bytes = new byte[length];
        log.get(bytes);
        return bytes;
    }

    private static void require(int number, boolean right, String problem) {
        if (!right) {
            throw new AaelException.BadLog(number, problem);
        }
    }
}
