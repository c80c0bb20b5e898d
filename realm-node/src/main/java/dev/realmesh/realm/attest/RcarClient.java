// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.kbs.TeeKey;

/// The Realm's end of the RCAR handshake: request, challenge, attestation, response.
public final class RcarClient {
    private final KeyBroker broker;
    private final EvidenceCollector evidence;
    private final EventLog events;
    private final Initdata initdata;

    /// The handshake of this Realm with one broker.
    ///
    /// @param events what the Realm has run; sent along, for the verifier's record
    /// @param initdata what the Realm was personalised with; sent along, so that the broker's policies can look into it
    public RcarClient(KeyBroker broker, EvidenceCollector evidence, EventLog events, Initdata initdata) {
        this.broker = broker;
        this.evidence = evidence;
        this.events = events;
        this.initdata = initdata;
    }

    /// Attests this Realm in a new session, with a TEE key of its own; once more, from the beginning, if the broker
    /// does
    /// not know the session any more when the evidence comes: it was started anew in between, and released nothing in
    /// it.
    ///
    /// @throws BrokerException if the broker refuses or does not answer
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor gives no evidence
    public AttestedSession handshake() {
        try {
            return attempt();
        } catch (BrokerException.SessionEnded forgotten) {
            return attempt();
        }
    }

    private AttestedSession attempt() {
        KeyBroker.Challenged challenged = broker.requestChallenge();
        TeeKey key = TeeKey.generate();
        RuntimeData binding = new RuntimeData(challenged.nonce(), key.publicKey());
        KeyBroker.Proof proof = events.unchanged(log -> new KeyBroker.Proof(evidence.collect(binding), log));
        KeyBroker.Appraised appraised =
                broker.attest(new KeyBroker.Attestation(challenged.session(), key.publicKey(), proof, initdata));
        return new AttestedSession(challenged.session(), challenged.nonce(), key, appraised);
    }
}
