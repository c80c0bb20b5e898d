// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.CommandException;
import dev.realmesh.proto.realm.v1.TerminalSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The terminal that this process is on, by stty(1). While it is raw, what is typed goes to the container as it is,
/// Ctrl-C
/// too; closing it makes it what it was.
final class Terminal implements AutoCloseable {
    private final String was;
    private final Thread restoring = new Thread(this::restore, "terminal");

    private Terminal(String was) {
        this.was = was;
    }

    /// Makes the terminal raw.
    ///
    /// @throws CommandException if standard input is none
    static Terminal raw() {
        Terminal terminal = new Terminal(stty("-g"));
        Runtime.getRuntime().addShutdownHook(terminal.restoring);
        stty("raw", "-echo");
        return terminal;
    }

    /// Its size; 0 and 0 if it has none.
    static TerminalSize size() {
        String[] size = stty("size").split(" ", -1);
        boolean known = size.length == 2 && size[0].matches("[0-9]{1,5}") && size[1].matches("[0-9]{1,5}");
        return known
                ? TerminalSize.newBuilder()
                        .setRows(Integer.parseInt(size[0]))
                        .setColumns(Integer.parseInt(size[1]))
                        .build()
                : TerminalSize.getDefaultInstance();
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException ending) {
            // It has run, or does.
        }
    }

    private void restore() {
        stty(was);
    }

    private static String stty(String... arguments) {
        List<String> words = new ArrayList<>(List.of("stty"));
        words.addAll(List.of(arguments));
        try {
            Process stty = new ProcessBuilder(words)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor() == 0) {
                return text;
            }
            throw new CommandException("-t: standard input is no terminal (leave -t away, or use a terminal)");
        } catch (IOException e) {
            throw new CommandException("-t: stty cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted");
        }
    }
}
