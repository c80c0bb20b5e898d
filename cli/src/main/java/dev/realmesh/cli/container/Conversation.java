// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.proto.realm.v1.ProcessInput;
import java.util.List;

/// How who called talks to a process: by standard input, by a terminal, by signals.
///
/// @param input whether standard input is passed on
/// @param tty whether the process has a terminal; Ctrl-C is typed on it, and else sent as a signal
record Conversation(Caller caller, boolean input, boolean tty) {
    private static final List<String> SENT = List.of("INT", "TERM", "HUP");

    /// Talks until it ends.
    ///
    /// @return its exit code
    int with(LiveProcess<?, ?> process) {
        if (!tty) {
            return talk(process);
        }
        if (!input) {
            return sized(process);
        }
        Terminal terminal = Terminal.raw();
        try {
            return sized(process);
        } finally {
            terminal.close();
        }
    }

    private int sized(LiveProcess<?, ?> process) {
        ProcessSignals resizing = ProcessSignals.of(List.of("WINCH"), name -> resize(process));
        try {
            resize(process);
            return talk(process);
        } finally {
            resizing.close();
        }
    }

    private int talk(LiveProcess<?, ?> process) {
        ProcessSignals sent = ProcessSignals.of(SENT, name -> send(process, name));
        try {
            if (input) {
                process.passInput(caller.in());
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
