// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.vmm.plan.PlanException;

/// Hash algorithms as command lines name them.
public final class MeasurementAlgorithm {
    private MeasurementAlgorithm() {}

    /// The algorithm of a name.
    ///
    /// @throws PlanException.BadArguments if RMM 1.0 has none of that name
    public static HashAlgorithm parse(String name) {
        return switch (name) {
            case "sha256" -> HashAlgorithm.SHA_256;
            case "sha512" -> HashAlgorithm.SHA_512;
            default ->
                throw new PlanException.BadArguments(
                        "measurement algorithm %s (expected: sha256 or sha512)".formatted(name));
        };
    }
}
