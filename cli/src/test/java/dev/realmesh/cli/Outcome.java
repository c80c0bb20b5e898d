// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cli.command.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What one call of the command line gave, as its caller sees it.
public record Outcome(int exitCode, String out, String err) {
    /// Calls `realmesh ARGUMENTS` with an empty environment.
    public static Outcome of(String... arguments) {
        return of(Map.of(), arguments);
    }

    public static Outcome of(List<String> arguments) {
        return of(arguments.toArray(String[]::new));
    }

    /// Calls `realmesh ARGUMENTS` with nothing on standard input.
    static Outcome of(Map<String, String> environment, String... arguments) {
        return of(environment, new byte[0], arguments);
    }

    static Outcome of(Map<String, String> environment, byte[] in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Caller caller = new Caller(new ByteArrayInputStream(in), stream(out), stream(err), environment);
        int exitCode = Main.execute(caller, arguments);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Done, and nothing to complain of.
    Outcome done() {
        assertThat(err).isEmpty();
        assertThat(exitCode).isZero();
        return this;
    }

    /// Refused or failed: exit code 1, and one line that says this.
    void failed(String... says) {
        complains(1).contains(says).doesNotContain("--help");
    }

    /// Called in a wrong way: exit code 2, one line that says this and where to read on.
    void wrongUse(String... says) {
        complains(2).contains(says).endsWith(" --help)");
    }

    private org.assertj.core.api.AbstractStringAssert<?> complains(int code) {
        assertThat(exitCode).as(err).isEqualTo(code);
        assertThat(out).isEmpty();
        assertThat(err.lines()).hasSize(1);
        return assertThat(err.strip()).startsWith("realmesh: ");
    }

    List<String> lines() {
        return out.lines().toList();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
