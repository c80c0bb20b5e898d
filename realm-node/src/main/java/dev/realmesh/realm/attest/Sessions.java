// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The Realm's attested session: made when it is first needed, again shortly before its attestation result ends, and
/// again when the broker forgot it. Whoever needs a new one meanwhile waits for it, so the Realm attests once.
/// Thread-safe.
public final class Sessions {
    private final RcarClient client;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<AttestedSession> current = Optional.empty();

    public Sessions(RcarClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// The session, attested now if there is none that is still good.
    public AttestedSession current() {
        lock.lock();
        try {
            AttestedSession session =
                    current.filter(each -> each.isGoodAt(clock.instant())).orElseGet(client::handshake);
            current = Optional.of(session);
            return session;
        } finally {
            lock.unlock();
        }
    }

    /// A new session, whose evidence has all that was measured so far; it takes the place of the one that there is.
    ///
    /// @throws BrokerException if the broker refuses or does not answer; what there was stays
    public AttestedSession attestedAgain() {
        lock.lock();
        try {
            AttestedSession session = client.handshake();
            current = Optional.of(session);
            return session;
        } finally {
            lock.unlock();
        }
    }

    /// The session that replaces one which the broker does not know any more.
    public AttestedSession renewed(AttestedSession ended) {
        lock.lock();
        try {
            current = current.filter(session -> !session.id().equals(ended.id()));
            return current();
        } finally {
            lock.unlock();
        }
    }
}
