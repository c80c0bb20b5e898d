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
import java.util.Optional;
import java.util.stream.IntStream;

/// What a monitor loads where, in any order; [#plan] puts it into the one order in which all monitors build Realms (the
/// Realm VM specification of `realm-measurements`): RAM, measured blobs by address, processors, the log.
public final class BootLayout {
    private final RealmFeatures features;
    private final Range ram;
    private final List<LoadData> loads = new ArrayList<>();
    private Optional<BootLog> log = Optional.empty();

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

    /// Loads the log of all of this, which is not measured.
    public BootLayout log(BootLog written) {
        log = Optional.of(written);
        return this;
    }

    /// The plan of a machine of `vcpus` processors, the first of which starts at `pc` with `x0`; the others wait.
    ///
    /// @throws PlanException.RmmRefuses if no RMM would build such a Realm
    public BootPlan plan(int vcpus, long pc, long x0) {
        List<BootOperation> operations = new ArrayList<>();
        operations.add(new InitRipas(ram.base(), ram.top()));
        loads.stream().sorted(Comparator.comparingLong(LoadData::loadAddress)).forEach(operations::add);
        GeneralRegisters registers = GeneralRegisters.zero(RecParams.REGISTERS).with(0, x0);
        operations.add(new CreateRec(0, true, pc, registers));
        IntStream.range(1, vcpus).mapToObj(CreateRec::waiting).forEach(operations::add);
        BootPlan plan = new BootPlan(features, ram, operations);
        return log.map(written -> plan.and(written.write(plan))).orElse(plan);
    }
}
