// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RttGeometry;
import dev.realmesh.cca.measurement.RealmInitialMeasurement;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.List;

/// Computes the RIM that a Realm of a plan will have, without any Realm: where reference values come from.
public final class OfflineMeasurement {
    private final BootPlan plan;
    private final RealmInitialMeasurement rim;

    private OfflineMeasurement(BootPlan plan) {
        this.plan = plan;
        this.rim = new RealmInitialMeasurement(plan.features());
    }

    /// The RIM of a Realm that is built as `plan` says.
    public static Digest of(BootPlan plan) {
        OfflineMeasurement measurement = new OfflineMeasurement(plan);
        plan.operations().forEach(measurement::measure);
        return measurement.rim.value();
    }

    private void measure(BootOperation operation) {
        switch (operation) {
            case InitRipas ripas -> measure(ripas);
            case LoadData data -> measure(data);
            case CreateRec rec -> measure(rec);
        }
    }

    /// The host makes as few tables as it can, so entries are as large as alignment and the range's end let them be,
    /// and each one counts.
    private void measure(InitRipas ripas) {
        for (long base = ripas.base(); base < ripas.top(); ) {
            int level = plan.geometry().largestEntryLevel(base, ripas.top());
            long top = base + RttGeometry.entrySize(level);
            rim.extendRipas(new IntermediatePhysicalAddress(base), new IntermediatePhysicalAddress(top));
            base = top;
        }
    }

    private void measure(LoadData data) {
        byte[] page = new byte[PhysicalAddress.GRANULE_SIZE];
        for (long ipa = data.base(); ipa < data.top(); ipa += BootPlan.PAGE) {
            data.blob().readPage(ipa - data.loadAddress(), page);
            rim.extendData(new IntermediatePhysicalAddress(ipa), page);
        }
    }

    private void measure(CreateRec rec) {
        long flags = rec.runnable() ? RecParams.FLAG_RUNNABLE : 0;
        rim.extendRec(new RecParams(flags, RecParams.mpidr(rec.index()), rec.pc(), rec.registers(), 0, List.of()));
    }
}
