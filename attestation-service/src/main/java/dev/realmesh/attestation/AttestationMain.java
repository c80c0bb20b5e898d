// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import dev.realmesh.mesh.ServiceMain;
import java.time.InstantSource;

/// attestation-service as a process.
public final class AttestationMain {
    private AttestationMain() {}

    public static void main(String[] args) {
        ServiceMain.run(
                AttestationService.BUS_NAME,
                args,
                (configuration, unused) -> AttestationService.open(
                        configuration.bind("attestation-service", AttestationServiceConfig.class),
                        InstantSource.system()));
    }
}
