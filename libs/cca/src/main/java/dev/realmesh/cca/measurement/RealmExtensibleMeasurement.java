// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import java.security.MessageDigest;

/// A Realm Extensible Measurement (REM): a register that a Realm extends while it runs by RSI_MEASUREMENT_EXTEND.
///
/// @param algorithm the Realm's hash algorithm
/// @param value what the register holds
public record RealmExtensibleMeasurement(HashAlgorithm algorithm, Digest value) {
    /// Registers of a Realm.
    public static final int COUNT = 4;
    /// Largest extension in bytes.
    public static final int MAX_EXTENSION = 64;

    /// A register of a new Realm: all zero.
    public static RealmExtensibleMeasurement initial(HashAlgorithm algorithm) {
        return new RealmExtensibleMeasurement(algorithm, Digest.zero(algorithm.digestSize()));
    }

    /// The register after an extension by `extension`: the hash of the old value followed by it.
    ///
    /// @throws IllegalArgumentException if `extension` is longer than 64 bytes
    public RealmExtensibleMeasurement extended(byte[] extension) {
        if (extension.length > MAX_EXTENSION) {
            throw new IllegalArgumentException("extension: " + extension.length + " bytes (expected: 0-64)");
        }
        MessageDigest hash = RealmInitialMeasurement.hash(algorithm);
        hash.update(value.toByteArray());
        return new RealmExtensibleMeasurement(algorithm, Digest.copyOf(hash.digest(extension)));
    }
}
