// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import dev.realmesh.cca.RealmPersonalizationValue;
import java.nio.ByteBuffer;

/// RsiRealmConfig: what RSI_REALM_CONFIG writes to a page of the Realm.
///
/// @param ipaWidth bits of an IPA; the highest one marks shared addresses
/// @param hashAlgorithm algorithm of the Realm's measurements
/// @param personalizationValue the RPV that the host bound to the Realm
public record RealmConfig(int ipaWidth, HashAlgorithm hashAlgorithm, RealmPersonalizationValue personalizationValue) {
    /// ICH_VTR_EL2 of the virtual interrupt controller: five preemption bits. A field of version 1.1 that TF-RMM fills
    /// for every Realm.
    private static final long GIC_VTR = 0x1400_0000;

    /// Reads a page.
    ///
    /// @throws IllegalArgumentException if it names an unknown hash algorithm
    public static RealmConfig decode(byte[] bytes) {
        ByteBuffer page = Page.over(bytes);
        byte[] rpv = new byte[RealmPersonalizationValue.SIZE];
        page.get(0x200, rpv);
        int hash = page.get(8);
        return new RealmConfig(
                (int) page.getLong(0),
                HashAlgorithm.of(hash)
                        .orElseThrow(
                                () -> new IllegalArgumentException("hash algorithm: " + hash + " (expected: 0-1)")),
                RealmPersonalizationValue.of(rpv));
    }

    /// The page of this configuration.
    public byte[] encode() {
        byte[] bytes = Page.empty();
        ByteBuffer page = Page.over(bytes);
        page.putLong(0, ipaWidth);
        page.put(8, (byte) hashAlgorithm.number());
        page.putLong(0x18, GIC_VTR);
        page.put(0x200, personalizationValue.toByteArray());
        return bytes;
    }
}
