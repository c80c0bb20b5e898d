// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;

/// A processor that is interrupted before it does anything.
final class IdleProcessor implements RealmProcessor {
    @Override
    public Trap run(Resumption resumption) {
        return new Trap.Interrupt(resumption.registers(), Trap.Interrupt.Kind.IRQ);
    }

    @Override
    public void interrupt() {}

    @Override
    public void close() {}
}
