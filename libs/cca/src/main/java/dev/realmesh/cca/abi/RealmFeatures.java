// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;

/// The part of RmiRealmParams that counts for the Realm's initial measurement, as the host gave it.
///
/// @param flags LPA2 bit 0, SVE bit 1, PMU bit 2
/// @param s2sz bits of an IPA
/// @param sveVl SVE vector length / 128 - 1
/// @param numBps number of breakpoints - 1
/// @param numWps number of watchpoints - 1
/// @param pmuNumCtrs number of PMU counters
/// @param hashAlgo number of the hash algorithm
public record RealmFeatures(long flags, int s2sz, int sveVl, int numBps, int numWps, int pmuNumCtrs, int hashAlgo) {
    /// Bit of [#flags]: 52-bit addresses.
    public static final long FLAG_LPA2 = 1;
    /// Bit of [#flags]: Scalable Vector Extension.
    public static final long FLAG_SVE = 1 << 1;
    /// Bit of [#flags]: performance monitors.
    public static final long FLAG_PMU = 1 << 2;

    static RealmFeatures decode(ByteBuffer page) {
        return new RealmFeatures(
                page.getLong(0),
                Byte.toUnsignedInt(page.get(0x08)),
                Byte.toUnsignedInt(page.get(0x10)),
                Byte.toUnsignedInt(page.get(0x18)),
                Byte.toUnsignedInt(page.get(0x20)),
                Byte.toUnsignedInt(page.get(0x28)),
                Byte.toUnsignedInt(page.get(0x30)));
    }

    void encode(ByteBuffer page) {
        page.putLong(0, flags);
        page.put(0x08, (byte) s2sz);
        page.put(0x10, (byte) sveVl);
        page.put(0x18, (byte) numBps);
        page.put(0x20, (byte) numWps);
        page.put(0x28, (byte) pmuNumCtrs);
        page.put(0x30, (byte) hashAlgo);
    }

    /// The page whose hash is the first RIM: these fields and nothing else.
    public byte[] measuredPage() {
        byte[] bytes = Page.empty();
        ByteBuffer page = Page.over(bytes);
        encode(page);
        return bytes;
    }

    /// These, and the bits of `flag`.
    public RealmFeatures with(long flag) {
        return new RealmFeatures(flags | flag, s2sz, sveVl, numBps, numWps, pmuNumCtrs, hashAlgo);
    }

    /// Whether all bits of `flag` are set.
    public boolean has(long flag) {
        return (flags & flag) == flag;
    }
}
