// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.terminal.ConsoleSocket;
import dev.realmesh.realm.terminal.PseudoTerminal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// crun by its command line, as it runs inside a Realm's sandbox: no cgroup manager (a tmpfs hides /sys/fs/cgroup), its
/// state on the Realm's tmpfs, its own messages in a file, so that standard error is the container's alone.
public final class Crun {
    private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

    private final Path program;
    private final Path state;
    private final Duration grace;

    /// A runtime of its own state.
    ///
    /// @param program where it is
    /// @param state folder for its state
    /// @param grace how long a container may take to end after TERM before it gets KILL
    public Crun(Path program, Path state, Duration grace) {
        this.program = program;
        this.state = state;
        this.grace = grace;
    }

    /// Starts a bundle.
    ///
    /// @throws ContainerException.RuntimeFailed if crun itself cannot be started
    RunningProcess start(Bundle bundle, Streams streams) {
        List<String> run = List.of("run", "--bundle", bundle.folder().toString());
        return process(run, bundle, bundle.id(), new ProcessControl.First(this, bundle), streams);
    }

    /// Starts a further process in the container of a bundle.
    ///
    /// @param name of the process, fit for files of the bundle's folder
    /// @param spec describes the process, as `process` of a bundle's configuration does
    /// @throws ContainerException.RuntimeFailed if crun itself cannot be started
    RunningProcess exec(Bundle bundle, String name, Path spec, Streams streams) {
        List<String> exec = List.of("exec", "--process", spec.toString());
        Path folder = bundle.folder();
        var control = new ProcessControl.Further(folder.resolve(name + ".pid"), folder.resolve(name + ".log"));
        return process(exec, bundle, name, control, streams);
    }

    /// Sends a signal to a container's first process; says whether it was there.
    boolean signal(Bundle bundle, int signal) {
        Process kill = spawn(List.of("kill", bundle.id(), Integer.toString(signal)), NOTHING, Redirect.DISCARD);
        boolean interrupted = false;
        while (true) {
            try {
                boolean sent = kill.waitFor() == 0;
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return sent;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /// Ends a container by KILL, whatever its state, and forgets it.
    void delete(Bundle bundle) throws InterruptedException {
        spawn(List.of("delete", "--force", bundle.id()), NOTHING, Redirect.DISCARD)
                .waitFor();
    }

    Duration grace() {
        return grace;
    }

    private RunningProcess process(
            List<String> command, Bundle bundle, String name, ProcessControl control, Streams streams) {
        List<String> words = new ArrayList<>(List.of("--log=file:" + control.log()));
        words.addAll(command);
        words.addAll(List.of("--pid-file", control.pidFile().toString()));
        if (streams.terminal().isEmpty()) {
            words.add(bundle.id());
            Process pipes = spawn(words, streams.input() ? Redirect.PIPE : NOTHING, Redirect.PIPE);
            return new RunningProcess(pipes, control, grace, CompletableFuture.completedFuture(Optional.empty()));
        }
        Path socket = bundle.folder().resolve(name + ".console");
        words.addAll(List.of("--console-socket", socket.toString(), bundle.id()));
        ConsoleSocket console = listen(socket);
        Process process = spawn(words, NOTHING, Redirect.PIPE);
        CompletableFuture<Optional<PseudoTerminal>> terminal = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("console").start(() -> terminal.complete(taken(console, process, streams)));
        return new RunningProcess(process, control, grace, terminal);
    }

    private static Optional<PseudoTerminal> taken(ConsoleSocket console, Process crun, Streams streams) {
        try (console) {
            Optional<PseudoTerminal> terminal = console.await(crun::isAlive);
            terminal.ifPresent(each -> streams.terminal().ifPresent(each::resize));
            return terminal;
        }
    }

    private static ConsoleSocket listen(Path socket) {
        try {
            return ConsoleSocket.listen(socket);
        } catch (UncheckedIOException e) {
            throw new ContainerException.RuntimeFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private Process spawn(List<String> arguments, Redirect input, Redirect outputs) {
        List<String> words =
                new ArrayList<>(List.of(program.toString(), "--root=" + state, "--cgroup-manager=disabled"));
        words.addAll(arguments);
        try {
            return new ProcessBuilder(words)
                    .redirectInput(input)
                    .redirectOutput(outputs)
                    .redirectError(outputs)
                    .start();
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed(program + ": " + e.getMessage(), e);
        }
    }
}
