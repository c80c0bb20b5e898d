// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.CommandException;
import dev.realmesh.proto.host.v1.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `--secret-file PATH=SEALED` or `PATH=@FILE`.
final class SecretFileOption {
    private static final String SEALED = "sealed.";
    private static final long MAX_BYTES = 64 * 1024;

    private SecretFileOption() {}

    /// The files that the options say.
    ///
    /// @throws CommandException.WrongUse if one is malformed, or no sealed secret: what is not sealed would pass the
    /// host
    static List<SecretFile> all(List<String> options) throws IOException {
        List<SecretFile> files = new ArrayList<>();
        for (String option : options) {
            files.add(of(option));
        }
        return files;
    }

    private static SecretFile of(String option) throws IOException {
        int equals = option.indexOf('=');
        if (equals < 1 || option.charAt(0) != '/') {
            throw new CommandException.WrongUse(
                    "--secret-file: no absolute path (expected: PATH=SEALED or PATH=@FILE)");
        }
        String path = option.substring(0, equals);
        String value = option.substring(equals + 1);
        String sealed = value.startsWith("@") ? read(Path.of(value.substring(1))) : value;
        if (!sealed.startsWith(SEALED)) {
            throw new CommandException.WrongUse(
                    "--secret-file: " + path + " is not sealed (expected: " + SEALED + "…)");
        }
        return SecretFile.newBuilder().setPath(path).setSealed(sealed).build();
    }

    private static String read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new CommandException.WrongUse(
                    "--secret-file: " + file + " has " + size + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        return Files.readString(file).strip();
    }
}
