// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HostCallBlock;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RecExit;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.rec.PendingOperation;
import dev.realmesh.host.rmm.rec.Rec;
import java.util.Optional;

/// RSI_HOST_CALL: shows the host the registers that the Realm put into a structure, and the Realm the host's answer.
final class HostCall implements RealmCall {
    @Override
    public Outcome call(Rec rec, Registers registers) {
        Realm realm = rec.realm();
        IntermediatePhysicalAddress address = new IntermediatePhysicalAddress(registers.x(1));
        Optional<Outcome> obstacle = RealmBuffer.obstacle(realm, address, HostCallBlock.SIZE);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        HostCallBlock block = HostCallBlock.decode(RealmBuffer.load(realm, address, HostCallBlock.SIZE));
        rec.setPending(new PendingOperation.HostCall(address));
        return new Outcome.Leave(new RecExit.HostCall(block.immediate(), block.registers()), GeneralRegisters.zero(0));
    }

    /// Puts the host's answer into the structure at `address`; empty if that is done.
    static Optional<Outcome> complete(Realm realm, IntermediatePhysicalAddress address, GeneralRegisters answer) {
        Optional<Outcome> obstacle = RealmBuffer.obstacle(realm, address, HostCallBlock.SIZE);
        if (obstacle.isEmpty()) {
            HostCallBlock block = HostCallBlock.decode(RealmBuffer.load(realm, address, HostCallBlock.SIZE));
            RealmBuffer.store(realm, address, new HostCallBlock(block.immediate(), answer).encode());
        }
        return obstacle;
    }
}
