// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;
import java.util.Locale;

/// Signals of Linux by their names, as in an image's `StopSignal`.
public final class SignalName {
    /// Asks to end.
    public static final int TERM = 15;
    /// Ends.
    public static final int KILL = 9;

    private static final int MOST = 64;
    private static final int REAL_TIME = 34;
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private SignalName() {}

    /// The number of a signal, such as of `SIGTERM`, `TERM`, `15` or `SIGRTMIN+3`.
    ///
    /// @throws ContainerException.BadRequest if there is none of that name
    public static int number(String signal) {
        String name = signal.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring("SIG".length()) : name;
        int known = NAMES.indexOf(name) + 1;
        if (known > 0) {
            return known;
        }
        int base = name.startsWith("RTMIN+") ? REAL_TIME : 0;
        String digits = base == 0 ? name : name.substring("RTMIN+".length());
        if (digits.matches("[0-9]{1,2}")) {
            int number = base + Integer.parseInt(digits);
            if (number >= 1 && number <= MOST) {
                return number;
            }
        }
        throw new ContainerException.BadRequest(
                "signal: " + signal.length() + " characters that name none (expected: such as SIGTERM, TERM or 15)");
    }
}
