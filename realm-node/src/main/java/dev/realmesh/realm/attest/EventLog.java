// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelException;
import dev.realmesh.kbs.aael.AaelHash;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.kbs.aael.PulledImage;
import dev.realmesh.realm.rsi.MeasurementRegister;
import dev.realmesh.realm.rsi.RsiClient;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The Realm's runtime measurements: each event extends REM\[2] with its digest, by the Realm's own hash, and then
/// stands
/// in the log, so the log replays to the register in the next evidence. What is about to run is measured twice: as the
/// event of the pull, as upstream's data hub writes it, and by the digest of the image's manifest in REM\[3], which
/// tells
/// verifiers that read no logs. Upstream has no registers for Arm CCA; these are this project's choice, for REM\[0] is
/// the
/// firmware's.
///
/// The log is in memory, and has no file to write ahead of it: who loses the log loses the Realm, and with it the
/// registers. Thread-safe.
public final class EventLog {
    /// The register that events extend.
    public static final MeasurementRegister REGISTER = MeasurementRegister.REM2;
    /// The register that images extend.
    public static final MeasurementRegister IMAGES = MeasurementRegister.REM3;

    private final RsiClient rsi;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    public EventLog(RsiClient rsi) {
        this.rsi = rsi;
    }

    /// Measures what somebody in the Realm says that happened.
    ///
    /// @throws EventLogFullException if the log cannot take it; nothing is extended then
    /// @throws AaelException.BadEvent if it claims to be an image's start, which is for [#measure(PulledImage)] to tell
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor does not extend the register; nothing is logged then
    public void measure(AaelEvent event) {
        if (PulledImage.isClaimedBy(event)) {
            throw new AaelException.BadEvent("operation: a pull of the agent's own (expected: another)");
        }
        lock.lock();
        try {
            append(event);
        } finally {
            lock.unlock();
        }
    }

    /// Measures an image that is about to run.
    ///
    /// @throws EventLogFullException if the log cannot take it; nothing is extended then
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor does not extend a register
    public void measure(PulledImage image) {
        lock.lock();
        try {
            append(image.toEvent());
            rsi.extendMeasurement(IMAGES, Bytes.copyOf(image.extension()));
        } finally {
            lock.unlock();
        }
    }

    /// Makes evidence while nothing is measured, so that the log, as it is given with it, replays to its registers.
    <T> T unchanged(Function<byte[], T> evidence) {
        lock.lock();
        try {
            return evidence.apply(log.toByteArray());
        } finally {
            lock.unlock();
        }
    }

    /// The whole log, as [AaelLog] reads it.
    public byte[] toBytes() {
        return unchanged(bytes -> bytes);
    }

    /// Bytes of the log; it grows with each event.
    int size() {
        lock.lock();
        try {
            return log.size();
        } finally {
            lock.unlock();
        }
    }

    private void append(AaelEvent event) {
        AaelEntry entry = new AaelEntry(REGISTER.index(), hash(), event);
        byte[] bytes = entry.toBytes();
        if (log.size() + bytes.length > AaelLog.MAX_BYTES) {
            throw new EventLogFullException(log.size());
        }
        rsi.extendMeasurement(REGISTER, Bytes.copyOf(entry.digest()));
        log.writeBytes(bytes);
    }

    private AaelHash hash() {
        int size = rsi.realmConfig().hashAlgorithm().digestSize();
        return AaelHash.ofSize(size)
                .orElseThrow(() -> new IllegalStateException(
                        "Realm's hash: " + size + " bytes (expected: a hash that logs know)"));
    }
}
