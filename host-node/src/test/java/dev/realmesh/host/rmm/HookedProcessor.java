// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Resumption;
import dev.realmesh.host.machine.Trap;
import java.util.function.Function;

/// A processor whose traps a test makes.
///
/// @param trap makes the next trap of how the processor is let run
record HookedProcessor(Function<Resumption, Trap> trap) implements RealmProcessor {
    @Override
    public Trap run(Resumption resumption) {
        return trap.apply(resumption);
    }

    @Override
    public void interrupt() {}

    @Override
    public void close() {}
}
