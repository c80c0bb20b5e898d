// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.attest.AttestedSession;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.attest.Sessions;
import dev.realmesh.realm.rsi.RsiException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Attests the Realm once more when a container was started, so that a stored result tells what it runs: the evidence
/// before it could not. The container does not wait for that, and runs on where it fails: whether the Realm may have
/// secrets was decided before, and the next evidence has the start all the same.
public final class RecordStart {
    private final Sessions sessions;
    private final InstantSource clock;

    public RecordStart(Sessions sessions, InstantSource clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /// What became of it.
    ///
    /// @param resultId name of the stored result; empty if there is none
    /// @param elapsed how long it took
    /// @param remark what a person wants to know of it
    public record Recorded(String resultId, Duration elapsed, String remark) {}

    /// Attests.
    public Recorded record() {
        Instant start = clock.instant();
        try {
            AttestedSession session = sessions.attestedAgain();
            return new Recorded(
                    session.appraised().resultId(),
                    since(start),
                    "session " + session.id().text());
        } catch (BrokerException | RsiException e) {
            return new Recorded("", since(start), "no result tells of this start: " + e.getMessage());
        }
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }
}
