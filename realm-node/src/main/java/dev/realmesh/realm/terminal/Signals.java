// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.terminal;

/// kill(2), which Java has for two signals only.
public final class Signals {
    private Signals() {}

    /// Sends a signal; says whether there was such a process.
    public static boolean send(long process, int signal) {
        return process > 0 && process <= Integer.MAX_VALUE && Posix.kill((int) process, signal) == 0;
    }
}
