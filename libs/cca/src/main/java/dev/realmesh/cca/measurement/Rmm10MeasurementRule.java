// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/// DEN0137 1.0, A7.1.1: descriptors of 256 bytes for pages, runnable RECs, and entries that become RAM.
final class Rmm10MeasurementRule implements MeasurementRule {
    private static final int DESCRIPTOR_SIZE = 0x100;
    private static final byte TYPE_DATA = 0;
    private static final byte TYPE_REC = 1;
    private static final byte TYPE_RIPAS = 2;
    private static final long DATA_MEASURED = 1;

    private static final int AT_LENGTH = 0x08;
    private static final int AT_RIM = 0x10;
    private static final int AT_FIELDS = 0x50;

    @Override
    public HashAlgorithm algorithm(RealmFeatures features) {
        return HashAlgorithm.of(features.hashAlgo())
                .orElseThrow(() ->
                        new IllegalArgumentException("hash algorithm: " + features.hashAlgo() + " (expected: 0 or 1)"));
    }

    @Override
    public byte[] realm(RealmFeatures features) {
        return features.measuredPage();
    }

    @Override
    public Optional<byte[]> data(byte[] rim, IntermediatePhysicalAddress ipa, byte[] content) {
        return descriptor(TYPE_DATA, rim, fields -> {
            fields.putLong(ipa.value());
            fields.putLong(DATA_MEASURED);
            fields.put(content);
        });
    }

    /// The address counts nevertheless.
    @Override
    public Optional<byte[]> unmeasuredData(byte[] rim, IntermediatePhysicalAddress ipa) {
        return descriptor(TYPE_DATA, rim, fields -> fields.putLong(ipa.value()));
    }

    @Override
    public Optional<byte[]> rec(byte[] rim, RecParams params, byte[] content) {
        return params.isRunnable() ? descriptor(TYPE_REC, rim, fields -> fields.put(content)) : Optional.empty();
    }

    @Override
    public Optional<byte[]> ripas(byte[] rim, IntermediatePhysicalAddress base, IntermediatePhysicalAddress top) {
        return descriptor(TYPE_RIPAS, rim, fields -> {
            fields.putLong(base.value());
            fields.putLong(top.value());
        });
    }

    private static Optional<byte[]> descriptor(byte type, byte[] rim, Consumer<ByteBuffer> writeFields) {
        byte[] bytes = new byte[DESCRIPTOR_SIZE];
        ByteBuffer descriptor = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        descriptor.put(0, type);
        descriptor.putLong(AT_LENGTH, DESCRIPTOR_SIZE);
        descriptor.put(AT_RIM, rim);
        writeFields.accept(descriptor.position(AT_FIELDS));
        return Optional.of(bytes);
    }
}
