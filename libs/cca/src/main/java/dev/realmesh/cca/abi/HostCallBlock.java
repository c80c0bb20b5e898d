// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// RsiHostCall: 256 bytes in Realm memory, 256-aligned, by which a Realm and its host exchange registers.
///
/// @param immediate 16 bits that say what the call is for
/// @param registers x0 to x30
public record HostCallBlock(int immediate, GeneralRegisters registers) {
    /// Size and alignment in bytes.
    public static final int SIZE = 256;

    /// Reads a block.
    public static HostCallBlock decode(byte[] bytes) {
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new HostCallBlock(
                Short.toUnsignedInt(block.getShort(0)), GeneralRegisters.read(block, 8, RecEnter.REGISTERS));
    }

    /// The block's bytes.
    public byte[] encode() {
        byte[] bytes = new byte[SIZE];
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        block.putInt(0, immediate);
        registers.write(block, 8);
        return bytes;
    }
}
