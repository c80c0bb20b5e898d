// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.kbs.Nonce;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The open sessions of this instance, in memory: at most so many, each for the same time. Sessions are in the order of
/// their opening, which is that of their end, so the expired ones are always at the front.
///
/// Each change of state is one step under one lock: of two attestations for one challenge, one finds it used.
public final class SessionStore {
    private final int limit;
    private final Duration lifetime;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final LinkedHashMap<SessionId, RcarSession> sessions = new LinkedHashMap<>();
    private final Map<String, SessionId> byToken = new HashMap<>();

    /// A store without sessions.
    ///
    /// @param limit how many may be open
    /// @param lifetime how long each lasts
    public SessionStore(int limit, Duration lifetime, InstantSource clock) {
        this.limit = limit;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /// Opens a session with a new nonce.
    ///
    /// @throws RcarException.TooManySessions if the limit is reached
    synchronized RcarSession.Challenged open() {
        Instant now = clock.instant();
        dropExpired(now);
        if (sessions.size() >= limit) {
            throw new RcarException.TooManySessions(limit);
        }
        var session = new RcarSession.Challenged(SessionId.random(random), Nonce.random(random), now.plus(lifetime));
        sessions.put(session.id(), session);
        return session;
    }

    /// Uses up the challenge of a session.
    ///
    /// @throws RcarException.NoSession if it is unknown or expired
    /// @throws RcarException.ChallengeUsed if it was used before
    synchronized RcarSession.Appraising useChallenge(SessionId id) {
        if (!(current(id) instanceof RcarSession.Challenged challenged)) {
            throw new RcarException.ChallengeUsed();
        }
        RcarSession.Appraising appraising = challenged.appraising();
        sessions.replace(id, appraising);
        return appraising;
    }

    /// Gives a challenge back that nobody looked at: it stands as before, for as long as it would have.
    synchronized void giveBack(RcarSession.Appraising unseen) {
        sessions.replace(unseen.id(), unseen, unseen.challenged());
    }

    /// Notes that a session attested.
    ///
    /// @throws RcarException.NoSession if it expired while the evidence was appraised
    synchronized void attested(RcarSession.Attested attested) {
        current(attested.id());
        sessions.replace(attested.id(), attested);
        byToken.put(attested.realm().token(), attested.id());
    }

    /// Ends a session.
    synchronized void end(SessionId id) {
        forget(sessions.remove(id));
    }

    /// The session, if it attested.
    ///
    /// @throws RcarException.NoSession if it is unknown or expired
    /// @throws RcarException.NotAttested if it did not
    public synchronized RcarSession.Attested requireAttested(SessionId id) {
        if (current(id) instanceof RcarSession.Attested attested) {
            return attested;
        }
        throw new RcarException.NotAttested();
    }

    /// Whether a session attested.
    ///
    /// @throws RcarException.NoSession if it is unknown or expired
    public synchronized boolean hasAttested(SessionId id) {
        return current(id) instanceof RcarSession.Attested;
    }

    /// The session that attested with this appraisal, if it has not ended.
    ///
    /// @param token the appraisal, a JWT
    public synchronized Optional<RcarSession.Attested> attestedWith(String token) {
        return Optional.ofNullable(byToken.get(token)).map(this::requireAttested);
    }

    /// How many sessions are kept, expired ones that were not dropped yet included.
    synchronized int size() {
        return sessions.size();
    }

    private RcarSession current(SessionId id) {
        RcarSession session = sessions.get(id);
        if (session == null || !clock.instant().isBefore(session.expiresAt())) {
            throw new RcarException.NoSession();
        }
        return session;
    }

    private void dropExpired(Instant now) {
        Iterator<RcarSession> oldestFirst = sessions.values().iterator();
        while (oldestFirst.hasNext()) {
            RcarSession oldest = oldestFirst.next();
            if (now.isBefore(oldest.expiresAt())) {
                return;
            }
            oldestFirst.remove();
            forget(oldest);
        }
    }

    private void forget(@Nullable RcarSession ended) {
        if (ended instanceof RcarSession.Attested attested) {
            byToken.remove(attested.realm().token());
        }
    }
}
