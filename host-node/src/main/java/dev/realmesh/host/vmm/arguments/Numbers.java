// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.host.vmm.plan.PlanException;

/// Numbers in command lines.
public final class Numbers {
    private Numbers() {}

    /// A number that is not negative: decimal, or hexadecimal after `0x`.
    ///
    /// @throws PlanException.BadArguments if `text` is none, or is 2^63 and more
    public static long parse(String option, String text) {
        try {
            long value = text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new PlanException.BadArguments("%s: %s (expected: a number)".formatted(option, text));
    }
}
