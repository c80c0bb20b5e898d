// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

/// Which device a node is: its driver, and which one of that.
record DeviceNumber(int major, int minor) {
    /// Whether an overlay takes a character device of this number for a deleted file.
    boolean isWhiteout() {
        return major == 0 && minor == 0;
    }

    /// As `dev_t` of Linux: makedev(3).
    long encoded() {
        long high = major & 0xffff_ffffL;
        long low = minor & 0xffff_ffffL;
        return (high & 0xfff) << 8 | (low & 0xff) | (low & ~0xffL) << 12 | (high & ~0xfffL) << 32;
    }
}
