// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.cca.measurement.RealmInitialMeasurement;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Computes the measurements that a Realm of a plan will have, without any Realm: where reference values come from.
public final class OfflineMeasurement {
    private final BootPlan plan;
    private final RealmInitialMeasurement rim;

    private OfflineMeasurement(BootPlan plan) {
        this.plan = plan;
        this.rim = new RealmInitialMeasurement(plan.features());
    }

    /// What the RIM is after an operation.
    ///
    /// @param operation the operation; absent for REALM_CREATE, which comes first
    /// @param rim the RIM after it
    public record Step(Optional<BootOperation> operation, Digest rim) {}

    /// The RIM of a Realm that is built as `plan` says.
    public static Digest of(BootPlan plan) {
        OfflineMeasurement measurement = new OfflineMeasurement(plan);
        plan.operations().forEach(measurement::measure);
        return measurement.rim.value();
    }

    /// How that RIM comes about: all operations that count, in order.
    public static List<Step> explain(BootPlan plan) {
        OfflineMeasurement measurement = new OfflineMeasurement(plan);
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(Optional.empty(), measurement.rim.value()));
        for (BootOperation operation : plan.operations()) {
            Digest before = measurement.rim.value();
            measurement.measure(operation);
            if (!measurement.rim.value().equals(before)) {
                steps.add(new Step(Optional.of(operation), measurement.rim.value()));
            }
        }
        return steps;
    }

    /// The REMs when the firmware has measured `extensions`, REM 0 first.
    public static List<Digest> registers(BootPlan plan, List<RemExtension> extensions) {
        HashAlgorithm algorithm = plan.hashAlgorithm();
        List<RealmExtensibleMeasurement> registers =
                new ArrayList<>(Stream.generate(() -> RealmExtensibleMeasurement.initial(algorithm))
                        .limit(RealmExtensibleMeasurement.COUNT)
                        .toList());
        for (RemExtension extension : extensions) {
            byte[] value = extension.image().digest(algorithm).toByteArray();
            registers.set(
                    extension.register(), registers.get(extension.register()).extended(value));
        }
        return registers.stream().map(RealmExtensibleMeasurement::value).toList();
    }

    private void measure(BootOperation operation) {
        switch (operation) {
            case InitRipas ripas -> rim.extendRipas(plan.geometry(), ripas.base(), ripas.top());
            case LoadData data -> measure(data);
            case CreateRec rec -> measure(rec);
        }
    }

    private void measure(LoadData data) {
        if (data.measured()) {
            rim.extendContent(new IntermediatePhysicalAddress(data.loadAddress()), data.blob());
        } else {
            rim.extendUnmeasuredContent(
                    new IntermediatePhysicalAddress(data.base()), new IntermediatePhysicalAddress(data.top()));
        }
    }

    private void measure(CreateRec rec) {
        long flags = rec.runnable() ? RecParams.FLAG_RUNNABLE : 0;
        rim.extendRec(new RecParams(flags, RecParams.mpidr(rec.index()), rec.pc(), rec.registers(), 0, List.of()));
    }
}
