// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A Realm that is active: it can be run once, stopped from any thread, and is gone when closed.
public final class RealmMachine implements AutoCloseable {
    private final VirtualCpus cpus;
    private final PhysicalAddress descriptor;
    private final Runnable release;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean stopped;
    private final CountDownLatch ended = new CountDownLatch(1);

    RealmMachine(VirtualCpus cpus, PhysicalAddress descriptor, Runnable release) {
        this.cpus = cpus;
        this.descriptor = descriptor;
        this.release = release;
    }

    /// The granule of its descriptor, by which the machine names it.
    public PhysicalAddress descriptor() {
        return descriptor;
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
            return cpus.run();
        } finally {
            ended.countDown();
        }
    }

    /// Ends a run that is under way, from another thread, and any that would come; returns once it ended.
    public void stop() {
        stopped = true;
        cpus.stop();
        if (started.compareAndSet(false, true)) {
            ended.countDown();
        }
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            try {
                ended.await();
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
