// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// RmiRecParams, DEN0137 B4.4.13: what REC_CREATE reads from a page of the host. Decoding accepts any page, the command
/// checks the values.
///
/// @param flags RUNNABLE is bit 0
/// @param mpidr the virtual processor's affinity; see [#index]
/// @param pc where it starts
/// @param registers x0 to x7 that it starts with
/// @param auxCount number of auxiliary granules, as given
/// @param aux addresses of the auxiliary granules; the first 16 of them if more were given
public record RecParams(long flags, long mpidr, long pc, GeneralRegisters registers, long auxCount, List<Long> aux) {
    /// Bit of [#flags]: the host may enter this REC at once.
    public static final long FLAG_RUNNABLE = 1;
    /// Registers that the host chooses.
    public static final int REGISTERS = 8;
    /// Places for auxiliary granules.
    public static final int MAX_AUX = 16;

    private static final long MPIDR_AFF0 = 0xF;
    private static final long MPIDR_AFF1 = 0xFF00;
    private static final long MPIDR_AFF2 = 0xFF_0000;
    private static final long MPIDR_AFF3 = 0xFF_0000_0000L;

    public RecParams {
        aux = List.copyOf(aux);
    }

    /// The position of the processor that has `mpidr`; -1 if `mpidr` has bits that an RMM does not allow.
    public static long index(long mpidr) {
        if ((mpidr & ~(MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2 | MPIDR_AFF3)) != 0) {
            return -1;
        }
        return (mpidr & MPIDR_AFF0)
                | (mpidr & MPIDR_AFF1) >>> 4
                | (mpidr & MPIDR_AFF2) >>> 4
                | (mpidr & MPIDR_AFF3) >>> 12;
    }

    /// The MPIDR of the processor at `index`.
    public static long mpidr(long index) {
        return (index & 0xF) | (index & 0xFF0) << 4 | (index & 0xF_F000) << 4 | (index & 0xFF0_0000) << 12;
    }

    /// Reads a page.
    public static RecParams decode(byte[] bytes) {
        ByteBuffer page = Page.over(bytes);
        long auxCount = page.getLong(0x800);
        List<Long> aux = new ArrayList<>();
        for (int i = 0; i < MAX_AUX && Long.compareUnsigned(i, auxCount) < 0; i++) {
            aux.add(page.getLong(0x808 + 8 * i));
        }
        return new RecParams(
                page.getLong(0),
                page.getLong(0x100),
                page.getLong(0x200),
                GeneralRegisters.read(page, 0x300, REGISTERS),
                auxCount,
                aux);
    }

    /// The page of these parameters.
    public byte[] encode() {
        byte[] bytes = measuredPage();
        ByteBuffer page = Page.over(bytes);
        page.putLong(0x100, mpidr);
        page.putLong(0x800, auxCount);
        for (int i = 0; i < aux.size(); i++) {
            page.putLong(0x808 + 8 * i, aux.get(i));
        }
        return bytes;
    }

    /// The page whose hash is the content of a REC in the RIM: flags, pc and registers, nothing else.
    public byte[] measuredPage() {
        byte[] bytes = Page.empty();
        ByteBuffer page = Page.over(bytes);
        page.putLong(0, flags);
        page.putLong(0x200, pc);
        registers.write(page, 0x300);
        return bytes;
    }

    /// Whether the host may enter this REC at once.
    public boolean isRunnable() {
        return (flags & FLAG_RUNNABLE) != 0;
    }
}
