// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

/// Why a guest does not start, or ended. What it was made of is untrusted, so the cases say which part was wrong and
/// where, in one line.
public abstract sealed class GuestException extends RuntimeException {
    private GuestException(String message) {
        super(message);
    }

    /// The kernel is not one that this processor can start.
    public static final class BadKernel extends GuestException {
        public BadKernel(String what) {
            super("guest kernel: " + what);
        }
    }

    /// The firmware is none, or cannot do what it is for with what its host gives it.
    public static final class BadFirmware extends GuestException {
        public BadFirmware(String what) {
            super("guest firmware: " + what);
        }
    }

    /// The device tree is malformed or names no initrd.
    public static final class BadDeviceTree extends GuestException {
        public BadDeviceTree(String what) {
            super("guest device tree: " + what);
        }
    }

    /// The initrd is not a cpio archive, or one that must not be unpacked.
    public static final class BadInitrd extends GuestException {
        public BadInitrd(String what) {
            super("guest initrd: " + what);
        }
    }

    /// This machine cannot wall the guest off, or cannot start it.
    public static final class NoSandbox extends GuestException {
        public NoSandbox(String what) {
            super("sandbox: " + what);
        }
    }

    /// The guest broke the protocol between process and processor.
    public static final class BadConduit extends GuestException {
        public BadConduit(String what) {
            super("conduit: " + what);
        }
    }
}
