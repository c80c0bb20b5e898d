// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RttGeometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The Realm Initial Measurement (RIM) while it grows: a hash chain over the RMI calls that build a Realm, in their
/// order (DEN0137 1.0, A7.1.1). Not for use by several threads at once.
public final class RealmInitialMeasurement {
    private static final int DESCRIPTOR_SIZE = 0x100;
    private static final byte TYPE_DATA = 0;
    private static final byte TYPE_REC = 1;
    private static final byte TYPE_RIPAS = 2;
    private static final long DATA_MEASURED = 1;

    private static final int AT_LENGTH = 0x08;
    private static final int AT_RIM = 0x10;
    private static final int AT_FIELDS = 0x50;

    private final HashAlgorithm algorithm;
    private final MessageDigest hash;
    private final byte[] descriptor = new byte[DESCRIPTOR_SIZE];
    private final ByteBuffer fields = ByteBuffer.wrap(descriptor).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] rim;

    /// The measurement of a Realm that REALM_CREATE just made with `features`.
    ///
    /// @throws IllegalArgumentException if they name a hash algorithm that RMM 1.0 does not have
    public RealmInitialMeasurement(RealmFeatures features) {
        this.algorithm = HashAlgorithm.of(features.hashAlgo())
                .orElseThrow(() ->
                        new IllegalArgumentException("hash algorithm: " + features.hashAlgo() + " (expected: 0 or 1)"));
        this.hash = hash(algorithm);
        this.rim = hash.digest(features.measuredPage());
    }

    /// DATA_CREATE of a page whose contents are measured.
    public void extendData(IntermediatePhysicalAddress ipa, byte[] page) {
        extendDigest(ipa.value(), hash.digest(page), 0);
    }

    /// DATA_CREATE of each page that holds a byte of `content`, in order; what lies around it in its first and last
    /// page
    /// is zero. Hashes pages on all processors.
    ///
    /// @param address where the first byte is loaded
    public void extendContent(IntermediatePhysicalAddress address, PageSource content) {
        long base = address.value() & -RttGeometry.PAGE;
        new PageDigests(algorithm, content, address.value())
                .forEach((page, digests, offset) -> extendDigest(base + page * RttGeometry.PAGE, digests, offset));
    }

    /// DATA_CREATE of each page of a range whose contents are not measured.
    public void extendUnmeasuredContent(IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        for (long ipa = base.value(); ipa < top.value(); ipa += RttGeometry.PAGE) {
            extendUnmeasuredData(new IntermediatePhysicalAddress(ipa));
        }
    }

    private void extendDigest(long ipa, byte[] digests, int offset) {
        begin(TYPE_DATA);
        fields.putLong(AT_FIELDS, ipa);
        fields.putLong(AT_FIELDS + 8, DATA_MEASURED);
        fields.put(AT_FIELDS + 16, digests, offset, algorithm.digestSize());
        end();
    }

    /// DATA_CREATE of a page whose contents are not measured: its address counts nevertheless.
    public void extendUnmeasuredData(IntermediatePhysicalAddress ipa) {
        begin(TYPE_DATA);
        fields.putLong(AT_FIELDS, ipa.value());
        end();
    }

    /// REC_CREATE; does nothing if the REC is not runnable.
    public void extendRec(RecParams params) {
        if (!params.isRunnable()) {
            return;
        }
        byte[] content = hash.digest(params.measuredPage());
        begin(TYPE_REC);
        fields.put(AT_FIELDS, content);
        end();
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
        begin(TYPE_RIPAS);
        fields.putLong(AT_FIELDS, base.value());
        fields.putLong(AT_FIELDS + 8, top.value());
        end();
    }

    /// The measurement so far.
    public Digest value() {
        return Digest.copyOf(rim);
    }

    private void begin(byte type) {
        Arrays.fill(descriptor, (byte) 0);
        descriptor[0] = type;
        fields.putLong(AT_LENGTH, DESCRIPTOR_SIZE);
        fields.put(AT_RIM, rim);
    }

    private void end() {
        rim = hash.digest(descriptor);
    }

    static MessageDigest hash(HashAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.jcaName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm.jcaName() + ": missing (expected: every JDK has it)", e);
        }
    }
}
