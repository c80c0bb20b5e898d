// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.terminal.PseudoTerminal;
import dev.realmesh.realm.terminal.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A process of a container between its start and its end: the first one, or a further one that was started in it.
public final class RunningProcess {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int MAX_MESSAGE_CHARACTERS = 300;
    private static final int START_STEP_MILLIS = 5;

    private final Process crun;
    private final ProcessControl control;
    private final Duration grace;
    private final CompletableFuture<Optional<PseudoTerminal>> terminal;
    private final AtomicReference<@Nullable RuntimeException> outputFailure = new AtomicReference<>();

    /// @param crun runs it, and ends as it does
    /// @param control how else it is reached
    /// @param grace how long it may take to end after TERM before it gets KILL
    /// @param terminal its terminal, if it has one
    RunningProcess(
            Process crun,
            ProcessControl control,
            Duration grace,
            CompletableFuture<Optional<PseudoTerminal>> terminal) {
        this.crun = crun;
        this.control = control;
        this.grace = grace;
        this.terminal = terminal;
    }

    /// Waits until the program runs.
    ///
    /// @throws ContainerException.NotRunnable if crun refused to start it
    void awaitStart() throws InterruptedException {
        while (!Files.exists(control.pidFile())) {
            if (crun.waitFor(START_STEP_MILLIS, TimeUnit.MILLISECONDS) && !Files.exists(control.pidFile())) {
                throw notStarted();
            }
        }
    }

    /// Waits for the end and tells meanwhile what the process writes; its two outputs are read independently, each no
    /// faster than `events` takes them. An interrupt ends the process: TERM, then KILL after the grace time.
    ///
    /// @return the exit code, 0 to 255; 128 + n if signal n ended it
    /// @throws ContainerException.NotRunnable if crun refused to start it
    /// @throws ContainerException.Cancelled if this thread was interrupted; what `events` threw, if it did
    public int await(RunEvents events) {
        List<Thread> pumps = List.of(
                pump(RunEvent.Stream.STDOUT, () -> copy(standardOutput(), RunEvent.Stream.STDOUT, events)),
                pump(RunEvent.Stream.STDERR, () -> copy(crun.getErrorStream(), RunEvent.Stream.STDERR, events)));
        try {
            int exitCode = crun.waitFor();
            for (Thread pump : pumps) {
                pump.join(control.drainTime());
            }
            RuntimeException failure = outputFailure.get();
            if (failure != null) {
                throw failure;
            }
            return checked(exitCode);
        } catch (InterruptedException e) {
            end(SignalName.TERM, grace);
            throw new ContainerException.Cancelled();
        } finally {
            CompletableFuture<Void> unused = terminal.thenAccept(each -> each.ifPresent(PseudoTerminal::close));
        }
    }

    /// Writes to its standard input, or types on its terminal; waits while it takes no more. What a process does not
    /// take
    /// because it ends is lost.
    ///
    /// @return whether it can take more
    public boolean write(byte[] bytes) {
        try {
            Optional<PseudoTerminal> typed = terminal.join();
            if (typed.isPresent()) {
                typed.get().type(bytes);
            } else {
                OutputStream input = crun.getOutputStream();
                input.write(bytes);
                input.flush();
            }
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    /// Ends its standard input; a terminal has no end.
    public void closeInput() {
        if (terminal.join().isEmpty()) {
            try {
                crun.getOutputStream().close();
            } catch (IOException ended) {
                // It is closed, whatever was left in it.
            }
        }
    }

    /// Its terminal, if it has one, has another size.
    public void resize(TerminalSize size) {
        terminal.join().ifPresent(each -> each.resize(size));
    }

    /// Sends it a signal.
    ///
    /// @return whether it was there to get it
    public boolean signal(int signal) {
        return control.signal(signal);
    }

    /// Ends it by a signal, and by KILL after a time; returns when it has ended.
    void end(int signal, Duration time) {
        boolean interrupted = Thread.interrupted();
        try {
            // Before the program runs there is nobody but crun to get the signal. By its handle, because
            // Process.destroy closes the pipes too, and the container may have last words.
            if (!control.signal(signal)) {
                crun.toHandle().destroy();
            }
            if (!crun.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                control.kill();
                crun.waitFor();
            }
        } catch (InterruptedException e) {
            crun.toHandle().destroyForcibly();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private InputStream standardOutput() {
        return terminal.join().map(PseudoTerminal::output).orElseGet(crun::getInputStream);
    }

    /// Platform threads: a read of a pipe blocks in the kernel, and would keep a virtual thread's carrier.
    private static Thread pump(RunEvent.Stream stream, Runnable copy) {
        return Thread.ofPlatform().daemon().name("output-" + stream).start(copy);
    }

    private void copy(InputStream from, RunEvent.Stream stream, RunEvents events) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (from) {
            for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
                events.accept(new RunEvent.Output(stream, ByteBuffer.wrap(Arrays.copyOf(chunk, n))));
            }
        } catch (IOException e) {
            fail(new ContainerException.RuntimeFailed(stream + " of the container: " + e.getMessage(), e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException failure) {
        if (outputFailure.compareAndSet(null, failure)) {
            end(SignalName.TERM, grace);
        }
    }

    private int checked(int exitCode) {
        if (exitCode != 0 && !Files.exists(control.pidFile())) {
            throw notStarted();
        }
        return exitCode;
    }

    private ContainerException.NotRunnable notStarted() {
        return new ContainerException.NotRunnable("container was not started: " + message());
    }

    private String message() {
        try (InputStream log = Files.newInputStream(control.log())) {
            String text = new String(log.readNBytes(MAX_MESSAGE_CHARACTERS), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "crun gave no reason" : text.replaceAll("\\p{Cntrl}", " ");
        } catch (IOException e) {
            return "crun gave no reason";
        }
    }
}
