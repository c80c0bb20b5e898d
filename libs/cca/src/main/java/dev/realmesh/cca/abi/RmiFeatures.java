// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

/// Feature register 0, by which an RMM says what a Realm may ask for. Counts of breakpoints, watchpoints and list
/// registers are minus one, as in the register.
///
/// @param value the register
public record RmiFeatures(long value) {
    /// Largest IPA width.
    public int s2sz() {
        return field(7, 0);
    }

    /// Whether 52-bit addresses are offered.
    public boolean lpa2() {
        return field(8, 8) == 1;
    }

    /// Whether SVE is offered.
    public boolean sve() {
        return field(9, 9) == 1;
    }

    /// Largest SVE vector length / 128 - 1.
    public int sveVl() {
        return field(13, 10);
    }

    /// Breakpoints - 1.
    public int numBps() {
        return field(19, 14);
    }

    /// Watchpoints - 1.
    public int numWps() {
        return field(25, 20);
    }

    /// Whether performance monitors are offered.
    public boolean pmu() {
        return field(26, 26) == 1;
    }

    /// Performance counters.
    public int pmuNumCtrs() {
        return field(31, 27);
    }

    /// Whether `algorithm` is offered for measurements.
    public boolean offers(HashAlgorithm algorithm) {
        int bit = 32 + algorithm.number();
        return field(bit, bit) == 1;
    }

    /// GICv3 list registers - 1.
    public int gicNumLrs() {
        return field(37, 34);
    }

    /// A Realm may have 2 to this power RECs, minus one.
    public int maxRecsOrder() {
        return field(41, 38);
    }

    private int field(int high, int low) {
        return (int) ((value >>> low) & ((1L << (high - low + 1)) - 1));
    }
}
