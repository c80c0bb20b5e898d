// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.realm.rsi.RsiClient;
import java.util.Arrays;

/// Gets evidence from the monitor that is bound to a session: the token's challenge is the hash of nonce and TEE key.
public final class EvidenceCollector {
    private final RsiClient rsi;

    public EvidenceCollector(RsiClient rsi) {
        this.rsi = rsi;
    }

    /// Evidence for one session, made now.
    ///
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor gives none
    public Evidence collect(RuntimeData session) {
        return Evidence.of(rsi.attestationToken(session.challenge().toBytes()));
    }

    /// Evidence for whatever the workload binds it to, made now.
    ///
    /// @param challenge at most 64 bytes; zeros follow up to 64
    /// @throws dev.realmesh.realm.rsi.RsiException if the monitor gives none
    public Evidence collect(byte[] challenge) {
        if (challenge.length > RsiClient.CHALLENGE_LENGTH) {
            throw new IllegalArgumentException(
                    "challenge: " + challenge.length + " bytes (expected: at most " + RsiClient.CHALLENGE_LENGTH + ")");
        }
        return Evidence.of(rsi.attestationToken(Arrays.copyOf(challenge, RsiClient.CHALLENGE_LENGTH)));
    }
}
