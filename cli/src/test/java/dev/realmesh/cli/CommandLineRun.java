// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/// What a command printed, and how it ended.
///
/// @param exitCode 0 done, 1 refused or failed, 2 wrong use
/// @param out what it printed
/// @param err what it printed of errors
public record CommandLineRun(int exitCode, String out, String err) {
    /// Runs `realmesh` with these words.
    public static CommandLineRun of(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(words);
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }

    public static CommandLineRun of(List<String> words) {
        return of(words.toArray(String[]::new));
    }
}
