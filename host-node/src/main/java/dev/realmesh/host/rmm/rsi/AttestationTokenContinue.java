// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rec.Rec;
import dev.realmesh.host.rmm.rec.TokenRequest;
import java.util.Optional;

/// RSI_ATTEST_TOKEN_CONTINUE: the next piece of the token, into a part of a page.
final class AttestationTokenContinue implements RealmCall {
    private static final int PAGE = IntermediatePhysicalAddress.PAGE_SIZE;

    @Override
    public Outcome call(Rec rec, Registers registers) {
        Realm realm = rec.realm();
        IntermediatePhysicalAddress page = new IntermediatePhysicalAddress(registers.x(1));
        long offset = registers.x(2);
        long size = registers.x(3);
        if (offset < 0 || offset >= PAGE || size < 0 || size > PAGE - offset) {
            return Outcome.of(RsiStatus.ERROR_INPUT);
        }
        if (!RealmBuffer.isPlausible(realm, page, PAGE)) {
            return Outcome.of(RsiStatus.ERROR_INPUT);
        }
        Optional<TokenRequest> request = rec.tokenRequest();
        if (request.isEmpty()) {
            return Outcome.of(RsiStatus.ERROR_STATE);
        }
        Optional<Outcome> obstacle = RealmBuffer.obstacle(realm, page, PAGE);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        byte[] piece = request.get().next((int) size);
        RealmBuffer.store(realm, page.plus(offset), piece);
        if (!request.get().isFinished()) {
            return Outcome.of(RsiStatus.INCOMPLETE, piece.length);
        }
        rec.endTokenRequest();
        return Outcome.of(RsiStatus.SUCCESS, piece.length);
    }
}
