// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RecEnter;
import java.util.HashSet;
import java.util.Set;

/// Interrupts that a host injects into a REC. The processors here take none: what a host gives it gets back.
///
/// @param control bits of ICH_HCR_EL2
/// @param lists the list registers, ICH_LR0_EL2 and so on
record VirtualInterrupts(long control, GeneralRegisters lists) {
    /// No interrupts.
    static final VirtualInterrupts NONE = new VirtualInterrupts(0, GeneralRegisters.zero(RecEnter.LIST_REGISTERS));

    /// Bits of ICH_HCR_EL2 that a host may set: UIE, LRENPIE, NPIE, VGrp0EIE, VGrp0DIE, VGrp1EIE, VGrp1DIE, TDIR.
    private static final long CONTROL = 0x40FE;

    private static final int STATE_SHIFT = 62;
    /// The interrupt is a physical one.
    private static final long HARDWARE = 1L << 61;
    /// The physical identifier, 44:32, without the bit that asks for a maintenance interrupt at the end, 41.
    private static final long PHYSICAL_ID = 0x1DFFL << 32;

    private static final long VIRTUAL_ID = 0xFFFF_FFFFL;
    private static final long LAST_SHARED = 1019;
    private static final long FIRST_LOCALITY_SPECIFIC = 8192;
    private static final long LAST = 0xFFFF;

    static VirtualInterrupts of(RecEnter enter) {
        return new VirtualInterrupts(enter.gicHcr(), enter.gicLrs());
    }

    /// Whether the RMM takes them: virtual interrupts only, each once.
    boolean areValid() {
        if ((control & ~CONTROL) != 0) {
            return false;
        }
        Set<Long> seen = new HashSet<>();
        for (long list : lists.toArray()) {
            boolean inactive = list >>> STATE_SHIFT == 0;
            if (!inactive && !(isVirtual(list) && seen.add(list & VIRTUAL_ID))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVirtual(long list) {
        long id = list & VIRTUAL_ID;
        boolean exists = id <= LAST_SHARED || (id >= FIRST_LOCALITY_SPECIFIC && id <= LAST);
        return exists && (list & (HARDWARE | PHYSICAL_ID)) == 0;
    }
}
