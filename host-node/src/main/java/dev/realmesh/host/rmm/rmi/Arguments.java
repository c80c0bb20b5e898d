// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;

/// x1, x2, … of a call; those that the caller did not give are zero.
final class Arguments {
    private final long[] values;

    Arguments(long[] values) {
        this.values = values;
    }

    /// x`number`, from 1 on.
    long x(int number) {
        return number <= values.length ? values[number - 1] : 0;
    }

    PhysicalAddress pa(int number) {
        return new PhysicalAddress(x(number));
    }

    IntermediatePhysicalAddress ipa(int number) {
        return new IntermediatePhysicalAddress(x(number));
    }
}
