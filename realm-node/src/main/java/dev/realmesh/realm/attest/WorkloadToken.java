// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The token that the workload is given: of a session of its own, so that its pair opens nothing that the Realm itself
/// was given. It is kept, and made anew shortly before it ends and after anything was measured, for a token tells what
/// the registers were when it was made. Whoever asks meanwhile waits for it. Thread-safe.
public final class WorkloadToken {
    /// How long a token is kept that names no end; what Trustee's tokens have by default.
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final RcarClient client;
    private final EventLog events;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Made> last = Optional.empty();

    public WorkloadToken(RcarClient client, EventLog events, InstantSource clock) {
        this.client = client;
        this.events = events;
        this.clock = clock;
    }

    /// The session that the token is of.
    ///
    /// @throws BrokerException if the broker refuses or does not answer; a token that was good stays so
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor gives no evidence
    public AttestedSession current() {
        lock.lock();
        try {
            Made made = last.filter(this::isGood).orElseGet(this::make);
            last = Optional.of(made);
            return made.session();
        } finally {
            lock.unlock();
        }
    }

    private Made make() {
        int measured = events.size();
        Instant at = clock.instant();
        return new Made(client.handshake(), at, measured);
    }

    private boolean isGood(Made made) {
        Instant now = clock.instant();
        return made.measured() == events.size()
                && now.isBefore(made.at().plus(KEPT))
                && made.session().isGoodAt(now);
    }

    /// @param measured how much had been measured by then
    private record Made(AttestedSession session, Instant at, int measured) {}
}
