// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.GeneralRegisters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Registers of a processor between two runs.
///
/// @param general x0 to x30
/// @param pc address of the next instruction
public record Registers(GeneralRegisters general, long pc) {
    /// Number of general-purpose registers.
    public static final int COUNT = 31;

    private static final int INSTRUCTION_SIZE = 4;

    public Registers {
        if (general.count() != COUNT) {
            throw new IllegalArgumentException("registers: " + general.count() + " (expected: 31)");
        }
    }

    /// Registers that begin with `first`, the others zero.
    public static Registers startingWith(GeneralRegisters first, long pc) {
        return new Registers(first.resized(COUNT), pc);
    }

    /// Value of x`index`.
    public long x(int index) {
        return general.get(index);
    }

    /// `size` bytes, a multiple of 8, that x`first` and the registers after it hold: little-endian.
    public byte[] bytes(int first, int size) {
        byte[] bytes = new byte[size];
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size / Long.BYTES; i++) {
            words.putLong(Long.BYTES * i, general.get(first + i));
        }
        return bytes;
    }

    /// Registers that differ in x`index`.
    public Registers withX(int index, long value) {
        return new Registers(general.with(index, value), pc);
    }

    /// Registers whose x0, x1, … are `first`, the others unchanged.
    public Registers withFirst(long... first) {
        return new Registers(general.withFirst(first), pc);
    }

    /// Registers at the instruction after this one.
    public Registers advanced() {
        return new Registers(general, pc + INSTRUCTION_SIZE);
    }
}
