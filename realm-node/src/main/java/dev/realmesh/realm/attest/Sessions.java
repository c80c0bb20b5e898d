// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The Realm's attested session: made when it is first needed, and again when the broker forgot it. Thread-safe.
public final class Sessions {
    private final RcarClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<AttestedSession> current = Optional.empty();

    public Sessions(RcarClient client) {
        this.client = client;
    }

    /// The session, attested now if there is none.
    public AttestedSession current() {
        lock.lock();
        try {
            AttestedSession session = current.orElseGet(client::handshake);
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
