// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import java.util.Optional;

/// How the calls that build a Realm make its RIM: a matter of the RMM's version. A call extends the RIM by the hash of
/// the descriptor that the rule makes of it; one of which the rule makes none does not count.
public interface MeasurementRule {
    /// RMM 1.0, which published verification speaks.
    MeasurementRule RMM_1_0 = new Rmm10MeasurementRule();

    /// The algorithm of a Realm's measurements.
    ///
    /// @throws IllegalArgumentException if `features` name one that this version does not have
    HashAlgorithm algorithm(RealmFeatures features);

    /// What REALM_CREATE hashes to get the first RIM.
    byte[] realm(RealmFeatures features);

    /// DATA_CREATE of a page that is measured.
    ///
    /// @param rim the RIM before
    /// @param content hash of the page
    Optional<byte[]> data(byte[] rim, IntermediatePhysicalAddress ipa, byte[] content);

    /// DATA_CREATE of a page that is not measured.
    ///
    /// @param rim the RIM before
    Optional<byte[]> unmeasuredData(byte[] rim, IntermediatePhysicalAddress ipa);

    /// REC_CREATE.
    ///
    /// @param rim the RIM before
    /// @param content hash of [RecParams#measuredPage]
    Optional<byte[]> rec(byte[] rim, RecParams params, byte[] content);

    /// RTT_INIT_RIPAS, for one translation table entry that it passed: from `base` to `top`.
    ///
    /// @param rim the RIM before
    Optional<byte[]> ripas(byte[] rim, IntermediatePhysicalAddress base, IntermediatePhysicalAddress top);
}
