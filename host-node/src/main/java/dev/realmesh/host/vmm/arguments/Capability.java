// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Something that a host bounds; the names are those of `realm-measurements`. What is on or off counts as 1 or 0.
public enum Capability {
    /// Bits of an IPA.
    IPA_BITS(0, 255),
    /// Hardware breakpoints.
    NUM_BPS(2, 64),
    /// Hardware watchpoints.
    NUM_WPS(2, 64),
    /// Bits of an SVE vector; 0 without SVE.
    SVE_VL(0, 2048),
    /// Event counters of the performance monitors.
    PMU_NUM_CTRS(0, 31),
    /// Performance monitors.
    PMU(0, 1),
    /// 52-bit addresses.
    LPA2(0, 1);

    private final int least;
    private final int most;

    Capability(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /// Its name in a file of capabilities, such as `num_bps`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it is on or off, and not a number.
    public boolean isSwitch() {
        return most == 1;
    }

    /// The capability of a name in a file.
    static Optional<Capability> ofKey(String key) {
        return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
    }

    /// `value`, if this can be so much.
    ///
    /// @throws PlanException.BadMachine if it cannot
    int checked(long value) {
        boolean whole = this != SVE_VL || value % VirtualCpu.SVE_UNIT_BITS == 0;
        if (value < least || value > most || !whole) {
            String expected = this == SVE_VL ? "0, or a multiple of 128 up to 2048" : least + " to " + most;
            throw new PlanException.BadMachine("%s %d (expected: %s)".formatted(key(), value, expected));
        }
        return (int) value;
    }
}
