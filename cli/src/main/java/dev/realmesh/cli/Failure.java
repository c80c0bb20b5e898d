// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.mesh.config.ConfigException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;

/// What a failure is to who called: one line on standard error, and an exit code.
record Failure(Caller caller) implements CommandLine.IExecutionExceptionHandler {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    @Override
    public int handleExecutionException(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (!caller.variable("REALMESH_DEBUG").isEmpty()) {
            e.printStackTrace(command.getErr());
        }
        if (e instanceof CommandException.WrongUse) {
            return wrongUse(e, command);
        }
        command.getErr().println("realmesh: " + oneLine(e));
        return e instanceof ConfigException ? WRONG_USE : FAILED;
    }

    static int wrongUse(Exception e, CommandLine command) {
        command.getErr()
                .println("realmesh: " + oneLine(e) + " (see: "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return WRONG_USE;
    }

    private static String oneLine(Exception e) {
        return message(e).replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /// Java's exceptions of files say nothing but the file.
    private static String message(Exception e) {
        String message = e.getMessage();
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": may not be accessed (expected: permission)";
            case FileAlreadyExistsException there -> there.getFile() + ": is there already";
            case NotDirectoryException file -> file.getFile() + ": is no folder";
            case DirectoryNotEmptyException folder -> folder.getFile() + ": is not empty";
            default -> message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
        };
    }
}
