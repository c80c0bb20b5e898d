// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.host.vmm.plan.PlanException;

/// Sizes of memory as command lines give them: a number and maybe one of `BKMGTP`, without which it is MiB.
public final class MemorySize {
    private static final String SUFFIXES = "BKMGTP";
    private static final int BITS_PER_SUFFIX = 10;
    private static final String MIB = "M";

    private MemorySize() {}

    /// The size in bytes.
    ///
    /// @throws PlanException.BadArguments if `text` is none, or is 2^63 bytes and more
    public static long parse(String option, String text) {
        int last = text.length() - 1;
        boolean suffixed = last >= 0 && SUFFIXES.indexOf(text.charAt(last)) >= 0;
        String digits = suffixed ? text.substring(0, last) : text;
        int shift = BITS_PER_SUFFIX * SUFFIXES.indexOf(suffixed ? text.substring(last) : MIB);
        try {
            return Math.multiplyExact(Numbers.parse(option, digits), 1L << shift);
        } catch (ArithmeticException e) {
            throw new PlanException.BadArguments("%s: %s (expected: less than 8 EiB)".formatted(option, text));
        }
    }
}
