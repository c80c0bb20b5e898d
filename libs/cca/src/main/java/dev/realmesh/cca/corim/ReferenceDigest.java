// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborValue;
import java.util.List;

/// A digest with its algorithm, by its number in the IANA registry of named information hashes.
///
/// @param algorithm 1 SHA-256, 7 SHA-384, 8 SHA-512, 10 to 12 their SHA-3 kin
/// @param value as many bytes as the algorithm gives
public record ReferenceDigest(int algorithm, Bytes value) {
    public ReferenceDigest {
        int size = sizeOf(algorithm);
        if (value.size() != size) {
            throw new CorimException.Invalid(
                    "digest of algorithm " + algorithm, value.size() + " bytes", size + " bytes");
        }
    }

    /// A digest of SHA-2, told by its size.
    public static ReferenceDigest sha2(Bytes value) {
        int algorithm = switch (value.size()) {
            case 32 -> 1;
            case 48 -> 7;
            case 64 -> 8;
            default -> throw new CorimException.Invalid("digest", value.size() + " bytes", "32, 48 or 64");
        };
        return new ReferenceDigest(algorithm, value);
    }

    /// Name of the algorithm.
    String name() {
        return switch (algorithm) {
            case 1 -> "sha-256";
            case 7 -> "sha-384";
            case 8 -> "sha-512";
            case 10 -> "sha3-256";
            case 11 -> "sha3-384";
            default -> "sha3-512";
        };
    }

    static ReferenceDigest read(CborValue value) {
        List<CborValue> pair = value.asArray("digest");
        if (pair.size() != 2) {
            throw new CorimException.Invalid("digest", "array of " + pair.size(), "algorithm and value");
        }
        return new ReferenceDigest(algorithm(pair.getFirst()), pair.getLast().asBytes("digest value"));
    }

    CborValue toCbor() {
        return CborValue.arrayOf(CborValue.of(algorithm), CborValue.of(value));
    }

    private static int algorithm(CborValue value) {
        if (!(value instanceof CborValue.Text name)) {
            return Math.toIntExact(Math.clamp(value.asLong("digest algorithm"), -1, 255));
        }
        return switch (name.value()) {
            case "sha-256" -> 1;
            case "sha-384" -> 7;
            case "sha-512" -> 8;
            default -> throw new CorimException.Invalid("digest algorithm", name.value(), "a SHA-2");
        };
    }

    private static int sizeOf(int algorithm) {
        return switch (algorithm) {
            case 1, 10 -> 32;
            case 7, 11 -> 48;
            case 8, 12 -> 64;
            default ->
                throw new CorimException.Invalid(
                        "digest algorithm", Integer.toString(algorithm), "1, 7, 8, 10, 11 or 12");
        };
    }
}
