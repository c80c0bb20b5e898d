// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.terminal;

/// The size of a terminal.
///
/// @param rows characters from top to bottom, 0 to 65535; 0 is "not known"
/// @param columns characters from left to right, 0 to 65535; 0 is "not known"
public record TerminalSize(int rows, int columns) {
    /// Not known.
    public static final TerminalSize UNKNOWN = new TerminalSize(0, 0);

    private static final int MOST = 65535;

    /// Checks both.
    ///
    /// @throws IllegalArgumentException if one is out of its range
    public TerminalSize {
        if (rows < 0 || rows > MOST || columns < 0 || columns > MOST) {
            throw new IllegalArgumentException(
                    "terminal: " + rows + " rows, " + columns + " columns (expected: 0-" + MOST + ")");
        }
    }
}
