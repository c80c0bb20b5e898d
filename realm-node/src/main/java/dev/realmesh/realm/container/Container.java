// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.terminal.TerminalSize;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One container of a Realm, from its creation until it is removed. Each start is measured before anything runs.
/// Thread-safe.
public final class Container {
    private final String name;
    private final PreparedContainer prepared;
    private final WorkFolder folder;
    private final StartMeasured start;
    private final ContainerLog log;
    private final Outputs outputs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stop = lock.newCondition();
    private CompletableFuture<Integer> end = new CompletableFuture<>();
    private CompletableFuture<Void> settled = new CompletableFuture<>();
    private State state = State.CREATED;
    private boolean stopping;
    private int restarts;
    private int further;
    private StartContainer.@Nullable Started current;
    private Runnable afterEnd = () -> {};

    /// Where a container is in its life.
    public enum State {
        /// It has not been started.
        CREATED,
        /// It was started; its first process runs, or will again after a pause.
        RUNNING,
        /// It has ended, and is not started again by itself.
        EXITED,
        /// It is gone.
        REMOVED
    }

    Container(String name, PreparedContainer prepared, WorkFolder folder, StartMeasured start, InstantSource clock) {
        this.name = name;
        this.prepared = prepared;
        this.folder = folder;
        this.start = start;
        this.log = new ContainerLog(clock, ContainerLog.MAX_BYTES);
        this.outputs = new Outputs(log);
    }

    public String name() {
        return name;
    }

    /// What a person should know of how it runs, may be empty.
    public String remark() {
        return prepared.remark();
    }

    PreparedContainer prepared() {
        return prepared;
    }

    /// What it wrote.
    public ContainerLog log() {
        return log;
    }

    /// What is to be seen of it now.
    public ContainerView view() {
        Optional<Usage> usage = usage();
        lock.lock();
        try {
            boolean over = state != State.RUNNING && end.isDone();
            boolean failed = over && end.isCompletedExceptionally();
            Optional<Integer> exitCode = over && !failed ? Optional.of(end.join()) : Optional.empty();
            String problem = failed ? String.valueOf(end.exceptionNow().getMessage()) : "";
            String image = prepared.image().reference().toString();
            return new ContainerView(
                    name,
                    image,
                    state,
                    exitCode,
                    restarts,
                    problem,
                    prepared.options().streams(),
                    usage);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Usage> usage() {
        return Optional.ofNullable(locked(() -> current))
                .map(started -> started.container().usage());
    }

    /// What is done each time that it has ended and is not started again.
    void afterEnd(Runnable task) {
        afterEnd = task;
    }

    /// Measures and starts it; returns once its program runs.
    ///
    /// @throws ContainerException.WrongState if it runs already or is gone
    /// @throws ContainerException.NotRunnable if crun refuses to start it
    public void start() throws InterruptedException {
        StartContainer.Started first;
        CompletableFuture<Void> over = new CompletableFuture<>();
        lock.lock();
        try {
            if (state != State.CREATED && state != State.EXITED) {
                throw wrongState("not started yet, or ended");
            }
            first = start.start(prepared);
            current = first;
            state = State.RUNNING;
            stopping = false;
            restarts = 0;
            end = end.isDone() ? new CompletableFuture<>() : end;
            settled = over;
            log.reopen();
        } finally {
            lock.unlock();
        }
        Thread.ofPlatform().daemon().name("container-" + name).start(() -> supervise(first));
        try {
            first.container().awaitStart();
        } catch (ContainerException.NotRunnable e) {
            // Whoever hears of it finds it in the state, too.
            over.join();
            throw e;
        }
    }

    /// Waits for its end.
    ///
    /// @return the exit code, 0 to 255; 128 + n if signal n ended it
    /// @throws ContainerException if it could not be started, or started again
    public int await() throws InterruptedException {
        CompletableFuture<Integer> awaited = locked(() -> end);
        try {
            return awaited.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new CompletionException(e.getCause());
        }
    }

    /// Tells a listener what it writes from now on, until that is closed or throws [ContainerException.Cancelled].
    public Attachment attach(RunEvents listener) {
        outputs.attach(listener);
        return () -> outputs.detach(listener);
    }

    /// Its first process, to write to.
    ///
    /// @throws ContainerException.WrongState if none runs
    public RunningProcess running() {
        return started().container();
    }

    /// Starts a further process in it.
    ///
    /// @throws ContainerException.WrongState if it does not run
    RunningProcess beside(Supplier<RunningProcess> further) {
        return started().beside(further);
    }

    private StartContainer.Started started() {
        return locked(() -> {
            StartContainer.Started started = current;
            if (state != State.RUNNING || started == null) {
                throw wrongState("running");
            }
            return started;
        });
    }

    /// Sets the size of its terminal, if it runs and has one.
    public void resize(TerminalSize size) {
        Optional.ofNullable(locked(() -> current))
                .ifPresent(started -> started.container().resize(size));
    }

    /// Names the next further process that is started in it.
    String nextProcessName() {
        return locked(() -> "exec-" + ++further);
    }

    /// Ends it by its own stop signal, and by KILL after a time; returns when what follows its end is done.
    /// One that does not run stays as it is.
    public void stop(Duration grace) {
        StartContainer.Started running;
        CompletableFuture<Void> over;
        lock.lock();
        try {
            if (state != State.RUNNING) {
                return;
            }
            stopping = true;
            stop.signalAll();
            running = current;
            over = settled;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.container().end(prepared.stopSignal(), grace);
        }
        over.join();
    }

    /// Forgets it, with all that is its own; one that runs is ended before.
    public void remove(Duration grace) {
        stop(grace);
        CompletableFuture<Integer> ended = locked(() -> {
            state = State.REMOVED;
            return end;
        });
        ended.completeExceptionally(new ContainerException.WrongState("container " + name + ": removed before it ran"));
        log.end();
        folder.close();
    }

    private void supervise(StartContainer.Started first) {
        try {
            int exitCode = run(first);
            for (var next = startedAgain(exitCode); next.isPresent(); next = startedAgain(exitCode)) {
                exitCode = run(next.get());
            }
            finish(exitCode, null);
        } catch (RuntimeException e) {
            finish(0, e);
        }
    }

    private int run(StartContainer.Started started) {
        try (started) {
            return started.container().await(outputs);
        }
    }

    /// The next run, after a pause; none if there is to be none.
    private Optional<StartContainer.Started> startedAgain(int exitCode) {
        lock.lock();
        try {
            long nanos = RestartPolicy.pause(restarts).toNanos();
            boolean again = prepared.options().restart().again(exitCode, restarts);
            while (again && !stopping && nanos > 0) {
                nanos = stop.awaitNanos(nanos);
            }
            if (!again || stopping) {
                return Optional.empty();
            }
            StartContainer.Started started = start.start(prepared);
            current = started;
            restarts++;
            return Optional.of(started);
        } catch (InterruptedException e) {
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void finish(int exitCode, @Nullable RuntimeException failure) {
        CompletableFuture<Void> over = locked(() -> settled);
        CompletableFuture<Integer> ended = locked(() -> {
            state = State.EXITED;
            current = null;
            return end;
        });
        log.end();
        if (failure == null) {
            ended.complete(exitCode);
        } else {
            ended.completeExceptionally(failure);
        }
        try {
            afterEnd.run();
        } finally {
            over.complete(null);
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    private ContainerException.WrongState wrongState(String expected) {
        return new ContainerException.WrongState("container " + name + ": " + state + " (expected: " + expected + ")");
    }
}
