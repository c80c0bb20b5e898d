// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.session;

import dev.realmesh.cca.Bytes;
import java.time.Instant;
import java.util.UUID;

/// A challenge-response session. A nonce is good for one verdict: there is no way on from [Complete].
public sealed interface Session {
    /// What was given out when the session was opened.
    Challenge challenge();

    /// A nonce that evidence must be fresh for.
    ///
    /// @param id the session's name, random: who knows it may submit evidence and see the result
    /// @param nonce 8 to 64 bytes
    /// @param expiry until when evidence was asked for
    record Challenge(UUID id, Bytes nonce, Instant expiry) {}

    /// No evidence has come yet.
    record Waiting(Challenge challenge) implements Session {
        Processing begin() {
            return new Processing(challenge);
        }
    }

    /// Evidence is being appraised.
    record Processing(Challenge challenge) implements Session {
        /// There is a verdict.
        ///
        /// @param resultId name of the stored result
        public Complete complete(UUID resultId) {
            return new Complete(challenge, resultId);
        }

        /// The verifier has come to no verdict.
        public Failed fail() {
            return new Failed(challenge);
        }
    }

    /// There is a verdict, for good.
    ///
    /// @param resultId name of the stored result
    record Complete(Challenge challenge, UUID resultId) implements Session {}

    /// The verifier came to no verdict; the evidence may come again.
    record Failed(Challenge challenge) implements Session {
        Processing begin() {
            return new Processing(challenge);
        }
    }
}
