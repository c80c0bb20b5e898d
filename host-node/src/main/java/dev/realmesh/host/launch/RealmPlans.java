// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.cca.Digest;
import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The plans of a guest image, by shape, and the RIM that each gives. The host cannot read a Realm's RIM from the RMM,
/// so it
/// computes it, once a shape and beside the first launch.
final class RealmPlans {
    private final GuestImage image;
    private final Map<RealmShape, Planned> plans = new ConcurrentHashMap<>();

    /// @param rim the measurement, when it is there
    record Planned(BootPlan plan, CompletableFuture<Digest> rim) {}

    RealmPlans(GuestImage image) {
        this.image = image;
    }

    Planned plan(RealmShape shape) {
        return plans.computeIfAbsent(shape, this::newPlan);
    }

    private Planned newPlan(RealmShape shape) {
        BootPlan plan = shape.plan(image);
        CompletableFuture<Digest> rim = new CompletableFuture<>();
        Thread.ofVirtual().name("measure").start(() -> rim.complete(OfflineMeasurement.of(plan)));
        return new Planned(plan, rim);
    }
}
