// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.session;

import dev.realmesh.cca.Bytes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// The sessions of this process, a bounded number of small ones: evidence and result are in the result store, never
/// here. Each use of a session renews its time.
public final class Sessions {
    private final SessionLimits limits;
    private final InstantSource clock;

    /// Least recently used first, so those whose time is over stand in front.
    private final Map<UUID, Kept> byId = new LinkedHashMap<>();

    private record Kept(Session session, Instant until) {}

    public Sessions(SessionLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /// Opens a session for a nonce.
    ///
    /// @throws SessionException.TooMany if there are as many as there may be
    public synchronized Session open(Bytes nonce) {
        dropExpired();
        if (byId.size() >= limits.most()) {
            throw new SessionException.TooMany(limits.most());
        }
        Instant expiry = clock.instant().plus(limits.time());
        Session opened = new Session.Waiting(new Session.Challenge(UUID.randomUUID(), nonce, expiry));
        keep(opened);
        return opened;
    }

    /// The session of that name.
    ///
    /// @throws SessionException.NotFound if there is none, or its time is over
    public synchronized Session get(UUID id) {
        dropExpired();
        Kept kept = byId.remove(id);
        if (kept == null) {
            throw new SessionException.NotFound(id);
        }
        keep(kept.session());
        return kept.session();
    }

    /// Takes the session for an appraisal, which must [#end] whatever happens.
    ///
    /// @throws SessionException.NotFound if there is none, or its time is over
    /// @throws SessionException.Used if it has its evidence
    public synchronized Session.Processing begin(UUID id) {
        Session.Processing begun = switch (get(id)) {
            case Session.Waiting waiting -> waiting.begin();
            case Session.Failed failed -> failed.begin();
            case Session.Processing processing -> throw new SessionException.Used(id);
            case Session.Complete complete -> throw new SessionException.Used(id);
        };
        keep(begun);
        return begun;
    }

    /// Keeps what a session has come to, unless it was removed meanwhile.
    public synchronized void end(Session ended) {
        if (byId.remove(ended.challenge().id()) != null) {
            keep(ended);
        }
    }

    /// Removes a session, if it is there.
    public synchronized void remove(UUID id) {
        byId.remove(id);
    }

    private void keep(Session session) {
        UUID id = session.challenge().id();
        byId.remove(id);
        byId.put(id, new Kept(session, clock.instant().plus(limits.time())));
    }

    private void dropExpired() {
        Instant now = clock.instant();
        Iterator<Kept> oldestFirst = byId.values().iterator();
        while (oldestFirst.hasNext() && !oldestFirst.next().until().isAfter(now)) {
            oldestFirst.remove();
        }
    }
}
