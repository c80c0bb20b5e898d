// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A policy in a file, whichever service it is for.
///
/// @param text of it
/// @param isRego whether it is in Rego; else it is in CEL
record PolicyFile(String text, boolean isRego) {
    private static final int MAX_BYTES = 64 * 1024;

    /// What a policy is written in.
    enum Language {
        CEL,
        REGO
    }

    /// Reads a policy.
    ///
    /// @param language of it; absent: what the file's name tells
    static PolicyFile read(Caller caller, Path file, @Nullable Language language) throws IOException {
        byte[] bytes = caller.read(file, MAX_BYTES);
        if (bytes.length > MAX_BYTES) {
            throw new CommandException(
                    "policy of " + file + ": " + bytes.length + " bytes or more (expected: at most 64 KiB)");
        }
        boolean isRego = language == null ? file.toString().endsWith(".rego") : language == Language.REGO;
        return new PolicyFile(new String(bytes, StandardCharsets.UTF_8), isRego);
    }
}
