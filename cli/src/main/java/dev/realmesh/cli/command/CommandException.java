// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

/// A command failed; the message is the one line that the user reads.
public final class CommandException extends RuntimeException {
    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
