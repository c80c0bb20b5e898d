// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A container between its start and its end.
final class RunningContainer {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int MAX_MESSAGE_CHARACTERS = 300;

    private final Crun crun;
    private final Bundle bundle;
    private final Process process;
    private final AtomicReference<@Nullable RuntimeException> outputFailure = new AtomicReference<>();

    RunningContainer(Crun crun, Bundle bundle, Process process) {
        this.crun = crun;
        this.bundle = bundle;
        this.process = process;
    }

    /// Waits for the end and tells meanwhile what the container writes; its two outputs are read independently, each no
    /// faster than `events` takes them. An interrupt ends the container: TERM, then KILL after the grace time.
    ///
    /// @return the exit code, 0 to 255; 128 + n if signal n ended it
    /// @throws ContainerException.NotRunnable if crun refused to start it
    /// @throws ContainerException.Cancelled if this thread was interrupted; what `events` threw, if it did
    int await(RunEvents events) {
        List<Thread> pumps = List.of(
                pump(process.getInputStream(), RunEvent.Stream.STDOUT, events),
                pump(process.getErrorStream(), RunEvent.Stream.STDERR, events));
        try {
            int exitCode = process.waitFor();
            for (Thread pump : pumps) {
                pump.join();
            }
            RuntimeException failure = outputFailure.get();
            if (failure != null) {
                throw failure;
            }
            return checked(exitCode);
        } catch (InterruptedException e) {
            stop();
            throw new ContainerException.Cancelled();
        }
    }

    /// Platform threads: a read of a pipe blocks in the kernel, and would keep a virtual thread's carrier.
    private Thread pump(InputStream from, RunEvent.Stream stream, RunEvents events) {
        return Thread.ofPlatform().daemon().name(bundle.id() + "-" + stream).start(() -> copy(from, stream, events));
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
            stop();
        }
    }

    /// TERM reaches the container through crun; KILL does not, so the end of the grace time goes through `crun delete`.
    /// By
    /// its handle, because [Process#destroy] closes the pipes too, and the container may have last words.
    private void stop() {
        boolean interrupted = Thread.interrupted();
        try {
            process.toHandle().destroy();
            if (!process.waitFor(crun.grace().toMillis(), TimeUnit.MILLISECONDS)) {
                crun.delete(bundle);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private int checked(int exitCode) {
        if (exitCode != 0 && !Files.exists(bundle.pidFile())) {
            throw new ContainerException.NotRunnable("container was not started: " + message());
        }
        return exitCode;
    }

    private String message() {
        try (InputStream log = Files.newInputStream(bundle.log())) {
            String text = new String(log.readNBytes(MAX_MESSAGE_CHARACTERS), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "crun gave no reason" : text.replaceAll("\\p{Cntrl}", " ");
        } catch (IOException e) {
            return "crun gave no reason";
        }
    }
}
