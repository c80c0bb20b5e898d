// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

/// Why a Realm could not be laid out. The message is one line for the person who asked for it.
public abstract sealed class PlanException extends RuntimeException {
    private PlanException(String message) {
        super(message);
    }

    /// The command line is none that the monitor takes, or none that a Realm can be measured with.
    public static final class BadArguments extends PlanException {
        public BadArguments(String what) {
            super(what);
        }
    }

    /// The bounds of a host cannot be read.
    public static final class BadCapabilities extends PlanException {
        public BadCapabilities(String what) {
            super("capabilities: " + what);
        }
    }

    /// An image is missing, or holds nothing.
    public static final class BadImage extends PlanException {
        public BadImage(String what) {
            super(what);
        }
    }

    /// The device tree is none.
    public static final class BadDeviceTree extends PlanException {
        public BadDeviceTree(String what) {
            super("device tree: " + what);
        }
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

    /// A monitor would try to build such a Realm, and an RMM refuse it.
    public static final class RmmRefuses extends PlanException {
        public RmmRefuses(String what) {
            super("an RMM refuses this Realm: " + what);
        }
    }

    /// Something does not fit into the Realm's memory.
    public static final class DoesNotFit extends PlanException {
        private DoesNotFit(String message) {
            super(message);
        }

        /// It ends beyond the room for it.
        public static DoesNotFit endsBeyond(String what, long top, long limit) {
            return new DoesNotFit("%s: ends at 0x%x (expected: at most 0x%x, the end of the memory that it may have)"
                    .formatted(what, top, limit));
        }

        /// It is larger than the room for it.
        public static DoesNotFit tooLarge(String what, long size, long room) {
            return new DoesNotFit("%s: %d bytes (expected: less than the %d that it may have)"
                    .formatted(what, size, Math.max(room, 0)));
        }
    }
}
