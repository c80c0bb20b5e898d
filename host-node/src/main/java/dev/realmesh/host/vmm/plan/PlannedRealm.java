// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.List;
import java.util.Optional;

/// A Realm as the command line of a monitor describes it.
///
/// @param plan how it is built
/// @param personalizationValue what its host binds to it; no measurement depends on it
/// @param extensions what the Realm's firmware measures while it boots, in order
/// @param firmwareConfig what the monitor hands to that firmware, if anything
/// @param warnings words of the command line that were passed over, though they may count
public record PlannedRealm(
        BootPlan plan,
        RealmPersonalizationValue personalizationValue,
        List<RemExtension> extensions,
        Optional<FirmwareConfig> firmwareConfig,
        List<String> warnings) {
    public PlannedRealm {
        extensions = List.copyOf(extensions);
        warnings = List.copyOf(warnings);
    }

    /// What the monitor must be given as its device tree, byte for byte.
    public Blob deviceTree() {
        return plan.find(Role.DEVICE_TREE.title())
                .map(LoadData::blob)
                .orElseThrow(() -> new IllegalStateException("a plan without a device tree"));
    }
}
