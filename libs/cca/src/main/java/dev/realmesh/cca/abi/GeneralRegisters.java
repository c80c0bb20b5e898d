// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// An immutable bank of general-purpose registers x0, x1, ….
public final class GeneralRegisters {
    private final long[] values;

    private GeneralRegisters(long[] values) {
        this.values = values;
    }

    /// `count` registers, all zero.
    public static GeneralRegisters zero(int count) {
        return new GeneralRegisters(new long[count]);
    }

    /// Registers with these values.
    public static GeneralRegisters of(long... values) {
        return new GeneralRegisters(values.clone());
    }

    /// Reads `count` registers from `source` at `offset`.
    public static GeneralRegisters read(ByteBuffer source, int offset, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = source.getLong(offset + 8 * i);
        }
        return new GeneralRegisters(values);
    }

    /// Writes all registers to `target` at `offset`.
    public void write(ByteBuffer target, int offset) {
        for (int i = 0; i < values.length; i++) {
            target.putLong(offset + 8 * i, values[i]);
        }
    }

    /// Number of registers.
    public int count() {
        return values.length;
    }

    /// Value of register `index`.
    public long get(int index) {
        return values[index];
    }

    /// A bank that differs in register `index`.
    public GeneralRegisters with(int index, long value) {
        long[] changed = values.clone();
        changed[index] = value;
        return new GeneralRegisters(changed);
    }

    /// A bank whose first registers are those of `first`, the others unchanged.
    public GeneralRegisters withFirst(long... first) {
        long[] changed = values.clone();
        System.arraycopy(first, 0, changed, 0, first.length);
        return new GeneralRegisters(changed);
    }

    /// A copy of all values.
    public long[] toArray() {
        return values.clone();
    }

    /// The first `count` registers; those that this bank does not have are zero.
    public GeneralRegisters resized(int count) {
        return new GeneralRegisters(Arrays.copyOf(values, count));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GeneralRegisters that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /// Names the number of registers only: they may hold a secret.
    @Override
    public String toString() {
        return "GeneralRegisters[" + values.length + "]";
    }
}
