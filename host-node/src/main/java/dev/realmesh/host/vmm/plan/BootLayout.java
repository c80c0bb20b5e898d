// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What a monitor loads where, in any order; [#plan] puts it into the one order in which all monitors build Realms (the
/// Realm VM specification of `realm-measurements`): RAM, measured blobs by address, processors, the rest.
public final class BootLayout {
    private final RealmFeatures features;
    private final Range ram;
    private final List<LoadData> loads = new ArrayList<>();

    /// @param ram the guest's memory
    public BootLayout(RealmFeatures features, Range ram) {
        this.features = features;
        this.ram = ram;
    }

    /// Loads what is measured.
    public BootLayout load(String name, Blob blob, long address) {
        loads.add(LoadData.measured(name, blob, address));
        return this;
    }

    /// Loads what is not.
    public BootLayout loadUnmeasured(String name, Blob blob, long address) {
        loads.add(new LoadData(name, blob, address, false));
        return this;
    }

    /// Everything that happens until the first processor, in order.
    ///
    /// @param pc where it starts
    /// @param x0 first of its registers; the others are zero
    public List<BootOperation> untilFirstProcessor(long pc, long x0) {
        List<BootOperation> operations = new ArrayList<>();
        operations.add(new InitRipas(ram.base(), ram.top()));
        loads.stream()
                .filter(LoadData::measured)
                .sorted(Comparator.comparingLong(LoadData::loadAddress))
                .forEach(operations::add);
        GeneralRegisters registers = GeneralRegisters.zero(RecParams.REGISTERS).with(0, x0);
        operations.add(new CreateRec(0, true, pc, registers));
        return operations;
    }

    /// The plan of a machine of `vcpus` processors, the first of which starts at `pc` with `x0`; the others wait.
    ///
    /// @throws PlanException.RmmRefuses if no RMM would build such a Realm
    public BootPlan plan(int vcpus, long pc, long x0) {
        List<BootOperation> operations = untilFirstProcessor(pc, x0);
        IntStream.range(1, vcpus).mapToObj(CreateRec::waiting).forEach(operations::add);
        loads.stream().filter(load -> !load.measured()).forEach(operations::add);
        return new BootPlan(features, ram, operations);
    }
}
