// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.proto.realm.v1.ProcessInput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// How who called talks to a process: by standard input, by a terminal, by signals.
///
/// @param input whether standard input is passed on
/// @param tty whether the process has a terminal; Ctrl-C is typed on it, and else sent as a signal
/// @param detachable whether Ctrl-P Ctrl-Q, typed on its terminal, leaves it to itself
record Conversation(Caller caller, boolean input, boolean tty, boolean detachable) {
    /// What is sent on; the third of those that ask for an end leaves a process that does not heed them.
    private static final List<String> SENT = List.of("INT", "TERM", "HUP");

    private static final Map<String, Integer> ENDING = Map.of("INT", 2, "TERM", 15);
    private static final int PATIENCE = 3;
    private static final int SIGNAL_EXIT = 128;

    /// Talks to a process that runs, until it ends.
    ///
    /// @return its exit code
    int with(LiveProcess<?, ?> process) {
        return with(process, () -> {});
    }

    /// Talks to a process until it ends, from its very start.
    ///
    /// @param start starts it
    /// @return its exit code
    int with(LiveProcess<?, ?> process, Runnable start) {
        if (!tty) {
            return talk(process, start);
        }
        if (!input) {
            return sized(process, start);
        }
        Terminal terminal = Terminal.raw();
        try {
            return sized(process, start);
        } finally {
            terminal.close();
        }
    }

    private int sized(LiveProcess<?, ?> process, Runnable start) {
        ProcessSignals resizing = ProcessSignals.of(List.of("WINCH"), name -> resize(process));
        try {
            return talk(process, () -> {
                start.run();
                resize(process);
            });
        } finally {
            resizing.close();
        }
    }

    private int talk(LiveProcess<?, ?> process, Runnable start) {
        AtomicInteger ending = new AtomicInteger();
        ProcessSignals sent = ProcessSignals.of(SENT, name -> {
            if (ENDING.containsKey(name) && ending.incrementAndGet() >= PATIENCE) {
                process.leave(SIGNAL_EXIT + ENDING.get(name));
            } else {
                send(process, name);
            }
        });
        try {
            start.run();
            if (input) {
                process.passInput(
                        tty && detachable ? new DetachableInput(caller.in(), () -> process.leave(0)) : caller.in());
            }
            return process.await();
        } finally {
            sent.close();
        }
    }

    private static void send(LiveProcess<?, ?> process, String signal) {
        process.send(ProcessInput.newBuilder().setSignal(signal).build());
    }

    private static void resize(LiveProcess<?, ?> process) {
        process.send(ProcessInput.newBuilder().setSize(Terminal.size()).build());
    }
}
