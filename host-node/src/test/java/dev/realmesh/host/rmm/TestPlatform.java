// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.host.firmware.bl31.MemoryMonitor;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.HostMemory;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessorFactory;

/// An RMM on a small machine, without the rest of the firmware.
public final class TestPlatform implements AutoCloseable {
    private static final long DRAM = 32L << 20;
    private static final long FIRST_GRANULE = 0x41A0_0000L;

    final Machine machine;
    final HostMemory memory;
    final Rmm rmm;

    public TestPlatform(RealmProcessorFactory processors) {
        this(processors, DRAM);
    }

    TestPlatform(RealmProcessorFactory processors, long dram) {
        machine = new Machine(AddressMap.qemuVirt(dram), processors);
        memory = machine.hostMemory();
        rmm = new Rmm(
                machine, new MemoryMonitor(machine.rootMemory()), (realm, challenge) -> Bytes.copyOf(new byte[100]));
    }

    /// Calls a command.
    RmiResult call(RmiCommand command, long... arguments) {
        return RmiResult.of(rmm.smc(command.fid(), arguments));
    }

    /// Calls a command that must succeed.
    RmiResult succeed(RmiCommand command, long... arguments) {
        RmiResult result = call(command, arguments);
        assertThat(result.status()).as("%s", command).isEqualTo(RmiStatus.SUCCESS);
        return result;
    }

    /// Address of the granule with this number; number 0 is aligned to 2 MiB.
    public static PhysicalAddress granule(int number) {
        return new PhysicalAddress(FIRST_GRANULE + (long) number * PhysicalAddress.GRANULE_SIZE);
    }

    @Override
    public void close() {
        machine.close();
    }
}
