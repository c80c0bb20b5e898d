// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.realm.rsi.RsiClient;

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
}
