// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

/// A command failed; the message is the one line that the user reads.
public sealed class CommandException extends RuntimeException {
    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The command was called in a wrong way: nothing was tried.
    public static final class WrongUse extends CommandException {
        public WrongUse(String message) {
            super(message);
        }
    }
}
