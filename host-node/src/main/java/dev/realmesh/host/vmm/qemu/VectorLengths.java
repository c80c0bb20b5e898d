// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.host.vmm.arguments.Numbers;
import java.util.OptionalInt;

/// What one `-cpu` says of SVE: `sve=off`, or `sve512=on` and the like.
final class VectorLengths {
    private static final String SVE = "sve";

    private OptionalInt bits;

    /// @param bits longest vector so far, if it is known
    VectorLengths(OptionalInt bits) {
        this.bits = bits;
    }

    /// Takes a property, if it is one of SVE.
    boolean take(String name, String value) {
        if (!name.startsWith(SVE)) {
            return false;
        }
        if (!name.equals(SVE)) {
            one(Numbers.parse("-cpu " + name, name.substring(SVE.length())), value);
        } else if (value.equals("off")) {
            bits = OptionalInt.of(0);
        }
        return true;
    }

    /// Without a length, the shorter ones are left.
    private void one(long length, String value) {
        int now = bits.orElse(0);
        int given = Math.clamp(length, 0, Integer.MAX_VALUE);
        if (value.equals("off") && now >= given) {
            bits = OptionalInt.of(given / 2);
        } else if (value.equals("on") && now < given) {
            bits = OptionalInt.of(given);
        }
    }

    /// The longest vector, if it is known.
    OptionalInt bits() {
        return bits;
    }
}
