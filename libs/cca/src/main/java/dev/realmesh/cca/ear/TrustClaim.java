// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.util.Locale;

/// The eight claims of an AR4SI trustworthiness vector.
public enum TrustClaim {
    INSTANCE_IDENTITY,
    CONFIGURATION,
    EXECUTABLES,
    FILE_SYSTEM,
    HARDWARE,
    RUNTIME_OPAQUE,
    STORAGE_OPAQUE,
    SOURCED_DATA;

    /// The name in an EAR, such as `instance-identity`.
    public String earName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
