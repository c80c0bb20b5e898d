// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

/// How a guest is walled off from the machine that it is emulated on.
public enum Isolation {
    /// By `bwrap` (bubblewrap): own user, mount, process, network, IPC and host name namespaces, and as much room for
    /// files as fits the Realm's memory.
    BWRAP,
    /// By `unshare` (util-linux): likewise, for machines without bubblewrap.
    UNSHARE,
    /// Not at all: the guest is an ordinary process that sees what its host's user sees, and its files are as large as
    /// the machine's memory lets them be. For machines that allow no namespaces, and only where the guest is one's own.
    PROCESS
}
