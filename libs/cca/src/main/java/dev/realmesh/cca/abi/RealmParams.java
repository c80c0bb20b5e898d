// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import dev.realmesh.cca.RealmPersonalizationValue;
import java.nio.ByteBuffer;

/// RmiRealmParams, DEN0137 B4.4.10: what REALM_CREATE reads from a page of the host. Decoding accepts any page, the
/// command checks the values.
///
/// @param features what is measured
/// @param personalizationValue the RPV
/// @param vmid identifier that tags the Realm's translations
/// @param rtt where the Realm's translation begins
public record RealmParams(
        RealmFeatures features, RealmPersonalizationValue personalizationValue, int vmid, RttRoot rtt) {

    /// The tables that a walk of the Realm's translation starts at.
    ///
    /// @param base physical address of the first of them; they are contiguous
    /// @param level their level
    /// @param tables their number
    public record RttRoot(long base, long level, long tables) {}

    /// Reads a page.
    public static RealmParams decode(byte[] bytes) {
        ByteBuffer page = Page.over(bytes);
        byte[] rpv = new byte[RealmPersonalizationValue.SIZE];
        page.get(0x400, rpv);
        return new RealmParams(
                RealmFeatures.decode(page),
                RealmPersonalizationValue.of(rpv),
                Short.toUnsignedInt(page.getShort(0x800)),
                new RttRoot(page.getLong(0x808), page.getLong(0x810), Integer.toUnsignedLong(page.getInt(0x818))));
    }

    /// The page of these parameters.
    public byte[] encode() {
        byte[] bytes = Page.empty();
        ByteBuffer page = Page.over(bytes);
        features.encode(page);
        page.put(0x400, personalizationValue.toByteArray());
        page.putShort(0x800, (short) vmid);
        page.putLong(0x808, rtt.base());
        page.putLong(0x810, rtt.level());
        page.putInt(0x818, (int) rtt.tables());
        return bytes;
    }
}
