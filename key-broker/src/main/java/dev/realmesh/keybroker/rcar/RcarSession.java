// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.kbs.Nonce;
import java.time.Instant;

/// A session of the handshake Request → Challenge → Attestation → Response. It goes one way, and each state has only
/// the
/// steps that it allows.
public sealed interface RcarSession {
    /// Name of the session.
    SessionId id();

    /// The session's nonce.
    Nonce nonce();

    /// When the session ends, whatever its state.
    Instant expiresAt();

    /// A challenge is out, and evidence may come once.
    record Challenged(SessionId id, Nonce nonce, Instant expiresAt) implements RcarSession {
        Appraising appraising() {
            return new Appraising(id, nonce, expiresAt);
        }
    }

    /// Evidence came and is being appraised. Refused evidence ends the session; evidence that no verifier was reached
    /// with may come again.
    record Appraising(SessionId id, Nonce nonce, Instant expiresAt) implements RcarSession {
        Challenged challenged() {
            return new Challenged(id, nonce, expiresAt);
        }

        Attested attested(AttestedRealm realm) {
            return new Attested(id, nonce, expiresAt, realm);
        }
    }

    /// Resources may be asked for.
    record Attested(SessionId id, Nonce nonce, Instant expiresAt, AttestedRealm realm) implements RcarSession {}
}
