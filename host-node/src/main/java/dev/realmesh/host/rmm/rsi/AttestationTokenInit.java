// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rec.TokenRequest;

/// RSI_ATTEST_TOKEN_INIT: begins a token over a challenge of 64 bytes; one that is being read is dropped.
final class AttestationTokenInit implements RealmCall {
    private static final int CHALLENGE_SIZE = 64;

    private final RealmAttestation attestation;

    AttestationTokenInit(RealmAttestation attestation) {
        this.attestation = attestation;
    }

    @Override
    public Outcome call(Rec rec, Registers registers) {
        Bytes challenge = Bytes.copyOf(registers.bytes(1, CHALLENGE_SIZE));
        rec.begin(new TokenRequest(attestation.token(rec.realm(), challenge)));
        return Outcome.of(RsiStatus.SUCCESS, PhysicalAddress.GRANULE_SIZE);
    }
}
