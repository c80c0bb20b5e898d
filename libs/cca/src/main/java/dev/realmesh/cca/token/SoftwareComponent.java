// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;

/// One measured component of the platform, an element of claim 2399.
///
/// @param type what it is, such as `RMM`; empty if not told
/// @param measurement its hash; 32, 48 or 64 bytes
/// @param version its version; empty if not told
/// @param signerId hash of the key that signed it; 32, 48 or 64 bytes
/// @param hashAlgorithm how it was measured, such as `sha-256`; empty if not told
public record SoftwareComponent(String type, Bytes measurement, String version, Bytes signerId, String hashAlgorithm) {
    static final int TYPE = 1;
    static final int MEASUREMENT = 2;
    static final int VERSION = 4;
    static final int SIGNER_ID = 5;
    static final int HASH_ALGORITHM = 6;

    /// A component measured by `sha-256` that tells no version.
    public static SoftwareComponent sha256(String type, Bytes measurement, Bytes signerId) {
        return new SoftwareComponent(type, measurement, "", signerId, "sha-256");
    }

    /// What people read as its type.
    public String shownType() {
        return type.isEmpty() ? "(no type)" : type;
    }

    static SoftwareComponent of(CborValue element) {
        try {
            ClaimReader fields = new ClaimReader(element.asMap("component"));
            return new SoftwareComponent(
                    fields.optionalText(TYPE),
                    fields.hash(MEASUREMENT),
                    fields.optionalText(VERSION),
                    fields.hash(SIGNER_ID),
                    fields.optionalText(HASH_ALGORITHM));
        } catch (CborException e) {
            TokenException refused =
                    new TokenException.BadClaim(PlatformClaims.SOFTWARE_COMPONENTS, String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    CborMap toCbor() {
        CborMap.Builder map = CborMap.builder();
        if (!type.isEmpty()) {
            map.put(TYPE, CborValue.of(type));
        }
        map.put(MEASUREMENT, CborValue.of(measurement));
        if (!version.isEmpty()) {
            map.put(VERSION, CborValue.of(version));
        }
        map.put(SIGNER_ID, CborValue.of(signerId));
        if (!hashAlgorithm.isEmpty()) {
            map.put(HASH_ALGORITHM, CborValue.of(hashAlgorithm));
        }
        return map.build();
    }
}
