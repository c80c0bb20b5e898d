// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// Granule protection information: which physical address space a granule belongs to.
public enum Gpi {
    NO_ACCESS(0x0),
    SECURE(0x8),
    NON_SECURE(0x9),
    ROOT(0xA),
    REALM(0xB),
    ANY(0xF);

    private final int code;

    Gpi(int code) {
        this.code = code;
    }

    /// The granule's space is `pas` alone.
    public static Gpi of(Pas pas) {
        return switch (pas) {
            case NON_SECURE -> NON_SECURE;
            case SECURE -> SECURE;
            case REALM -> REALM;
            case ROOT -> ROOT;
        };
    }

    /// The four bits in a granule protection table.
    public int code() {
        return code;
    }

    /// The information that has `code`.
    static Gpi ofCode(int code) {
        return switch (code) {
            case 0x0 -> NO_ACCESS;
            case 0x8 -> SECURE;
            case 0x9 -> NON_SECURE;
            case 0xA -> ROOT;
            case 0xB -> REALM;
            case 0xF -> ANY;
            default -> throw new IllegalArgumentException("GPI: " + code + " (expected: 0, 8-11 or 15)");
        };
    }

    /// Whether an access through `pas` passes.
    public boolean admits(Pas pas) {
        return this == ANY || this == of(pas);
    }
}
