// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

/// Why a Realm could not be laid out. The message is one line for the person who asked for it.
public abstract sealed class PlanException extends RuntimeException {
    private PlanException(String message) {
        super(message);
    }

    /// The kernel file is none.
    public static final class BadKernel extends PlanException {
        public BadKernel(String what) {
            super("kernel: " + what);
        }
    }

    /// The machine that was asked for cannot exist.
    public static final class BadMachine extends PlanException {
        public BadMachine(String what) {
            super("machine: " + what);
        }
    }

    /// Something does not fit into the Realm's memory.
    public static final class DoesNotFit extends PlanException {
        public DoesNotFit(String what, long top, long limit) {
            super("%s: ends at 0x%x (expected: at most 0x%x, the end of the Realm's memory)"
                    .formatted(what, top, limit));
        }
    }
}
