// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;

/// RmiRecEnter: the first half of the run page, by which the host answers the last exit.
///
/// @param flags what the host answers; see the constants
/// @param registers x0 to x30 that the exit asked for
/// @param gicHcr interrupt controller control bits that the host wants
/// @param gicLrs list registers: virtual interrupts that the host injects
public record RecEnter(long flags, GeneralRegisters registers, long gicHcr, GeneralRegisters gicLrs) {
    /// Bit of [#flags]: the host emulated the access that the last exit reports; x0 holds what was read.
    public static final long EMULATED_MMIO = 1;
    /// Bit of [#flags]: the access that the last exit reports shall abort.
    public static final long INJECT_ABORT = 1 << 1;
    /// Bit of [#flags]: exit when the Realm executes WFI.
    public static final long TRAP_WFI = 1 << 2;
    /// Bit of [#flags]: exit when the Realm executes WFE.
    public static final long TRAP_WFE = 1 << 3;
    /// Bit of [#flags]: the host refuses the RIPAS change that the last exit asked for.
    public static final long REJECT_RIPAS_CHANGE = 1 << 4;

    /// Registers of a REC.
    public static final int REGISTERS = 31;
    /// Places for list registers.
    public static final int LIST_REGISTERS = 16;

    /// An answer of nothing but `flags`.
    public static RecEnter of(long flags) {
        return new RecEnter(flags, GeneralRegisters.zero(REGISTERS), 0, GeneralRegisters.zero(LIST_REGISTERS));
    }

    /// The answer to an emulatable access: it is done.
    ///
    /// @param value what was read
    public static RecEnter emulated(long value) {
        return new RecEnter(
                EMULATED_MMIO,
                GeneralRegisters.zero(REGISTERS).with(0, value),
                0,
                GeneralRegisters.zero(LIST_REGISTERS));
    }

    /// Reads the first half of a run page.
    public static RecEnter decode(byte[] bytes) {
        ByteBuffer page = Page.over(bytes);
        return new RecEnter(
                page.getLong(0),
                GeneralRegisters.read(page, 0x200, REGISTERS),
                page.getLong(0x300),
                GeneralRegisters.read(page, 0x308, LIST_REGISTERS));
    }

    /// The run page of this answer; its second half, the exit, is zero.
    public byte[] encode() {
        byte[] bytes = Page.empty();
        ByteBuffer page = Page.over(bytes);
        page.putLong(0, flags);
        registers.write(page, 0x200);
        page.putLong(0x300, gicHcr);
        gicLrs.write(page, 0x308);
        return bytes;
    }

    /// Whether `flag` is set.
    public boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
