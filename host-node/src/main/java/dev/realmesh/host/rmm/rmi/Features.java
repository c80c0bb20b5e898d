// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rmi;

import dev.realmesh.cca.abi.RmiFeatures;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;

/// RMI_FEATURES: what Realms may ask for, in register 0; there is no other.
final class Features implements RmiHandler {
    private final RmiFeatures features;

    Features(RmiFeatures features) {
        this.features = features;
    }

    @Override
    public RmiResult handle(Arguments x) {
        return RmiResult.of(RmiStatus.SUCCESS, x.x(1) == 0 ? features.value() : 0);
    }
}
