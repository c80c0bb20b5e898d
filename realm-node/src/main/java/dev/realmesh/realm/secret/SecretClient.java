// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.secret;

import dev.realmesh.kbs.BrokerPublicKey;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ReleaseStatement;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.realm.attest.AttestedSession;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.attest.KeyBroker;
import dev.realmesh.realm.attest.Sessions;

/// Fetches secrets. The order is the point: first the broker's statement, with the identity that initdata pins, about
/// this
/// very JWE, in this session, for this path; only then is the JWE opened.
public final class SecretClient {
    private final KeyBroker broker;
    private final Sessions sessions;
    private final BrokerPublicKey identity;

    /// Secrets of one broker.
    ///
    /// @param identity the broker that the Realm's initdata names
    public SecretClient(KeyBroker broker, Sessions sessions, BrokerPublicKey identity) {
        this.broker = broker;
        this.sessions = sessions;
        this.identity = identity;
    }

    /// A secret; the caller closes it. Attests if need be, and once more if the broker forgot the session.
    ///
    /// @throws BrokerException if the broker refuses or does not answer
    /// @throws SecretException if the answer is not the broker's
    public SecretBytes get(ResourcePath path) {
        AttestedSession session = sessions.current();
        try {
            return get(path, session);
        } catch (BrokerException.SessionEnded ended) {
            return get(path, sessions.renewed(session));
        }
    }

    private SecretBytes get(ResourcePath path, AttestedSession session) {
        KeyBroker.Release release = broker.release(session.id(), path);
        try {
            identity.verify(release.statement(), new ReleaseStatement(release.jwe(), session.nonce(), path));
        } catch (KbsException refused) {
            throw new SecretException.NotFromBroker(path, refused);
        }
        try {
            return release.jwe().open(session.teeKey());
        } catch (KbsException refused) {
            throw new SecretException.NotSealedToRealm(path, refused);
        }
    }
}
