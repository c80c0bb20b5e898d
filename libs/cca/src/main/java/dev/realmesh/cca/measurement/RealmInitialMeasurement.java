// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RttGeometry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// The Realm Initial Measurement (RIM) while it grows: a hash chain over the RMI calls that build a Realm, in their
/// order, by the rule of a version of the RMM. Not for use by several threads at once.
public final class RealmInitialMeasurement {
    private final MeasurementRule rule;
    private final HashAlgorithm algorithm;
    private final MessageDigest hash;
    private byte[] rim;

    /// The measurement by RMM 1.0 of a Realm that REALM_CREATE just made with `features`.
    ///
    /// @throws IllegalArgumentException if they name a hash algorithm that RMM 1.0 does not have
    public RealmInitialMeasurement(RealmFeatures features) {
        this(features, MeasurementRule.RMM_1_0);
    }

    /// The measurement by `rule` of a Realm that REALM_CREATE just made with `features`.
    ///
    /// @throws IllegalArgumentException if they name a hash algorithm that the rule does not have
    public RealmInitialMeasurement(RealmFeatures features, MeasurementRule rule) {
        this.rule = rule;
        this.algorithm = rule.algorithm(features);
        this.hash = hash(algorithm);
        this.rim = hash.digest(rule.realm(features));
    }

    /// DATA_CREATE of a page whose contents are measured.
    public void extendData(IntermediatePhysicalAddress ipa, byte[] page) {
        extend(rule.data(rim, ipa, hash.digest(page)));
    }

    /// DATA_CREATE of each page that holds a byte of `content`, in order; what lies around it in its first and last
    /// page
    /// is zero. Hashes pages on all processors.
    ///
    /// @param address where the first byte is loaded
    public void extendContent(IntermediatePhysicalAddress address, PageSource content) {
        long base = address.value() & -RttGeometry.PAGE;
        new PageDigests(algorithm, content, address.value())
                .forEach((page, digest) -> extend(
                        rule.data(rim, new IntermediatePhysicalAddress(base + page * RttGeometry.PAGE), digest)));
    }

    /// DATA_CREATE of each page of a range whose contents are not measured.
    public void extendUnmeasuredContent(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        for (long ipa = base.value(); ipa < top.value(); ipa += RttGeometry.PAGE) {
            extendUnmeasuredData(new IntermediatePhysicalAddress(ipa));
        }
    }

    /// DATA_CREATE of a page whose contents are not measured.
    public void extendUnmeasuredData(IntermediatePhysicalAddress ipa) {
        extend(rule.unmeasuredData(rim, ipa));
    }

    /// REC_CREATE.
    public void extendRec(RecParams params) {
        extend(rule.rec(rim, params, hash.digest(params.measuredPage())));
    }

    /// RTT_INIT_RIPAS over a range: the host makes as few tables as it can, so entries are as large as alignment and
    /// the
    /// range's end let them be, and each one counts.
    public void extendRipas(RttGeometry geometry, long base, long top) {
        for (long at = base; at < top; ) {
            long end = at + RttGeometry.entrySize(geometry.largestEntryLevel(at, top));
            extendRipas(new IntermediatePhysicalAddress(at), new IntermediatePhysicalAddress(end));
            at = end;
        }
    }

    /// RTT_INIT_RIPAS, for one translation table entry that it passed: from `base` to `top`.
    public void extendRipas(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        extend(rule.ripas(rim, base, top));
    }

    /// The measurement so far.
    public Digest value() {
        return Digest.copyOf(rim);
    }

    private void extend(Optional<byte[]> descriptor) {
        descriptor.ifPresent(bytes -> rim = hash.digest(bytes));
    }

    static MessageDigest hash(HashAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.jcaName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm.jcaName() + ": missing (expected: every JDK has it)", e);
        }
    }
}
