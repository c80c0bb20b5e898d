// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.util.Optional;

/// Hash algorithms that a Realm may choose for its measurements.
public enum HashAlgorithm {
    SHA_256(0, "SHA-256", "sha-256", 32),
    SHA_512(1, "SHA-512", "sha-512", 64);

    private final int number;
    private final String jcaName;
    private final String claimName;
    private final int digestSize;

    HashAlgorithm(int number, String jcaName, String claimName, int digestSize) {
        this.number = number;
        this.jcaName = jcaName;
        this.claimName = claimName;
        this.digestSize = digestSize;
    }

    /// The algorithm that has `number` in RmiRealmParams, if any.
    public static Optional<HashAlgorithm> of(int number) {
        return switch (number) {
            case 0 -> Optional.of(SHA_256);
            case 1 -> Optional.of(SHA_512);
            default -> Optional.empty();
        };
    }

    /// The number in RmiRealmParams.
    public int number() {
        return number;
    }

    /// The name that `java.security.MessageDigest` knows.
    public String jcaName() {
        return jcaName;
    }

    /// The name in claims of the token, as IANA's named information registry spells it.
    public String claimName() {
        return claimName;
    }

    /// Bytes of a digest.
    public int digestSize() {
        return digestSize;
    }
}
