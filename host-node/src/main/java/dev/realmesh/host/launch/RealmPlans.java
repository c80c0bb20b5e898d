// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.cca.Digest;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The plans of guest images, by shape, and the RIM that each gives. The host cannot read a Realm's RIM from the RMM,
/// so it
/// computes it, once an image and shape, and beside the first launch.
final class RealmPlans {
    private final GuestImages images;
    private final Map<Key, Planned> plans = new ConcurrentHashMap<>();

    /// @param rim the measurement, when it is there
    record Planned(PlannedRealm realm, CompletableFuture<Digest> rim) {}

    private record Key(GuestImages.Bootable image, RealmShape shape) {}

    RealmPlans(GuestImages images) {
        this.images = images;
    }

    /// @param image name of the guest image; the usual one if it is empty
    Planned plan(String image, RealmShape shape) {
        return plans.computeIfAbsent(new Key(images.get(image), shape), RealmPlans::newPlan);
    }

    private static Planned newPlan(Key key) {
        PlannedRealm realm = key.image().plan(key.shape());
        CompletableFuture<Digest> rim = new CompletableFuture<>();
        Thread.ofVirtual().name("measure").start(() -> rim.complete(OfflineMeasurement.of(realm.plan())));
        return new Planned(realm, rim);
    }
}
