// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.DeviceBoard;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A Realm that is active: it can be run once, stopped from any thread, and is gone when closed.
public final class RealmMachine implements AutoCloseable {
    private static final long KICK_INTERVAL_MILLIS = 20;

    private final RecRunner runner;
    private final PhysicalAddress descriptor;
    private final DeviceBoard board;
    private final Runnable release;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean stopped;
    private final CountDownLatch ended = new CountDownLatch(1);

    RealmMachine(RecRunner runner, PhysicalAddress descriptor, DeviceBoard board, Runnable release) {
        this.runner = runner;
        this.descriptor = descriptor;
        this.board = board;
        this.release = release;
    }

    /// Runs the Realm until it ends; blocks meanwhile. Once only: a Realm that is off never runs again.
    ///
    /// @throws VmmException if the Realm did what a host cannot serve, or the RMM refuses to run it
    public RealmEnd run() {
        if (!started.compareAndSet(false, true)) {
            if (stopped) {
                return RealmEnd.STOPPED;
            }
            throw new IllegalStateException("Realm " + descriptor + ": was run already");
        }
        try {
            return runner.run();
        } finally {
            ended.countDown();
        }
    }

    /// Ends a run that is under way, from another thread, and any that would come; returns once it ended. An
    /// interrupt that comes between two entries is lost, so it is repeated.
    public void stop() {
        stopped = true;
        runner.stop();
        if (started.compareAndSet(false, true)) {
            ended.countDown();
        }
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            board.interrupt(descriptor);
            try {
                ended.await(KICK_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops the Realm, destroys it, and takes all its granules back.
    @Override
    public void close() {
        stop();
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
