// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelHash;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.realm.rsi.MeasurementRegister;
import dev.realmesh.realm.rsi.RsiClient;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.locks.ReentrantLock;

/// The Realm's runtime measurements: each event extends REM\[2] with its digest, by the Realm's own hash, and then
/// stands
/// in the log, so the log replays to the register in the next evidence. Upstream has no register for Arm CCA; REM\[2]
/// is
/// this project's choice, for REM\[0] is the firmware's and REM\[3] has images alone.
///
/// The log is in memory, and has no file to write ahead of it: who loses the log loses the Realm, and with it the
/// register. Thread-safe.
public final class EventLog {
    /// The register that events extend.
    public static final MeasurementRegister REGISTER = MeasurementRegister.REM2;

    private final RsiClient rsi;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    public EventLog(RsiClient rsi) {
        this.rsi = rsi;
    }

    /// Measures an event.
    ///
    /// @throws EventLogFullException if the log cannot take it; nothing is extended then
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor does not extend the register; nothing is logged then
    public void measure(AaelEvent event) {
        lock.lock();
        try {
            AaelEntry entry = new AaelEntry(REGISTER.index(), hash(), event);
            byte[] bytes = entry.toBytes();
            if (log.size() + bytes.length > AaelLog.MAX_BYTES) {
                throw new EventLogFullException(log.size());
            }
            rsi.extendMeasurement(REGISTER, Bytes.copyOf(entry.digest()));
            log.writeBytes(bytes);
        } finally {
            lock.unlock();
        }
    }

    /// The whole log, as [AaelLog] reads it.
    public byte[] toBytes() {
        lock.lock();
        try {
            return log.toByteArray();
        } finally {
            lock.unlock();
        }
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

    private AaelHash hash() {
        int size = rsi.realmConfig().hashAlgorithm().digestSize();
        return AaelHash.ofSize(size)
                .orElseThrow(() -> new IllegalStateException(
                        "Realm's hash: " + size + " bytes (expected: a hash that logs know)"));
    }
}
