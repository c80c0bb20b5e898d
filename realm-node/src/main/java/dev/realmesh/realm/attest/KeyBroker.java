// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.TeePublicKey;

/// The broker as the Realm reaches it: through the host, so whoever answers may be the host itself. Every call ends by
/// a
/// deadline and throws [BrokerException].
public interface KeyBroker {
    /// Request → Challenge: opens a session.
    Challenged requestChallenge();

    /// Attestation → Response.
    ///
    /// @return what the appraisal ended with
    Appraised attest(Attestation attestation);

    /// Asks for a secret of an attested session.
    Release release(SessionId session, ResourcePath path);

    /// A session that waits for evidence.
    ///
    /// @param session its name
    /// @param nonce what the evidence must be bound to
    record Challenged(SessionId session, Nonce nonce) {}

    /// Evidence for a session.
    ///
    /// @param session its name
    /// @param teePublicKey what the evidence is bound to besides the nonce
    /// @param proof shows who the Realm is
    /// @param initdata the document whose digest is the Realm's RPV
    record Attestation(SessionId session, TeePublicKey teePublicKey, Proof proof, Initdata initdata) {}

    /// Evidence with the event log as it was when it was made.
    ///
    /// @param evidence the CCA token
    /// @param eventLog replays to its registers, see [EventLog]
    @SuppressWarnings("ArrayRecordComponent") // Made for one request, never compared.
    record Proof(Evidence evidence, byte[] eventLog) {}

    /// The end of an appraisal. Through the host too, so it is what a relying party verifies, not this Realm.
    ///
    /// @param ear the attestation result, a JWT
    /// @param resultId name of the stored appraisal, empty if there is none
    record Appraised(String ear, String resultId) {}

    /// An answer to a request for a secret; nothing in it is believed before its statement is verified.
    ///
    /// @param jwe the secret, sealed to a TEE key
    /// @param statement what the broker's identity says about this answer
    record Release(KbsJwe jwe, String statement) {}
}
