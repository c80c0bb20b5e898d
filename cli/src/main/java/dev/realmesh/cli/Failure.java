// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.oci.registry.RegistryClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import javax.net.ssl.SSLException;
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
            case RegistryClientException.Unavailable registry -> message + hint(registry);
            default -> message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
        };
    }

    private static String hint(RegistryClientException.Unavailable registry) {
        if (registry.getCause() instanceof SSLException) {
            return "; name its CA with --ca-file, or say --plain-http if it has no TLS";
        }
        boolean hungUp =
                registry.getCause() instanceof IOException && !(registry.getCause() instanceof ConnectException);
        return hungUp && "http".equals(registry.uri().getScheme())
                ? "; if it has TLS, name its CA with --ca-file, or its https URL with --endpoint"
                : "";
    }
}
