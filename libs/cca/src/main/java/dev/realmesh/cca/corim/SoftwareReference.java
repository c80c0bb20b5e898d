// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.List;
import java.util.Optional;

/// The reference value of one software component of a platform.
///
/// @param name what the evidence must call it; empty if any name will do
/// @param version what the evidence must tell as its version; empty if any will do
/// @param digests its measurement, maybe by several algorithms
/// @param signerId hash of the key that signed it; 32, 48 or 64 bytes
public record SoftwareReference(String name, String version, List<ReferenceDigest> digests, Bytes signerId) {
    static final String KEY = "cca.software-component";
    private static final int VERSION_TEXT = 0;

    public SoftwareReference {
        digests = List.copyOf(digests);
        if (digests.isEmpty()) {
            throw new CorimException.Invalid(KEY + " digests", "none", "at least one");
        }
        if (signerId.size() != 32 && signerId.size() != 48 && signerId.size() != 64) {
            throw new CorimException.Invalid("signer-id", signerId.size() + " bytes", "32, 48 or 64");
        }
    }

    /// A component of a name and one SHA-2 measurement, of any version.
    public static SoftwareReference of(String name, Bytes measurement, Bytes signerId) {
        return new SoftwareReference(name, "", List.of(ReferenceDigest.sha2(measurement)), signerId);
    }

    /// Whether a component may be called so and tell this version.
    public boolean admits(String type, String componentVersion) {
        return (name.isEmpty() || name.equals(type)) && (version.isEmpty() || version.equals(componentVersion));
    }

    static SoftwareReference read(Measurement measurement) {
        measurement.requireOnly(Measurement.VERSION, Measurement.DIGESTS, Measurement.NAME, Measurement.CRYPTO_KEYS);
        List<ReferenceDigest> digests = measurement.digests();
        List<CborValue> signers = measurement
                .value(Measurement.CRYPTO_KEYS)
                .orElseThrow(() -> new CorimException.Invalid("cryptokeys", "absent", "one signer-id"))
                .asArray("cryptokeys");
        if (signers.size() != 1) {
            throw new CorimException.Invalid("cryptokeys", Integer.toString(signers.size()), "one signer-id");
        }
        Bytes signer = signers.getFirst()
                .asTagged(Environment.TAGGED_BYTES, "signer-id")
                .asBytes("signer-id");
        Optional<CborValue> name = measurement.value(Measurement.NAME);
        return new SoftwareReference(
                name.map(value -> value.asText("name")).orElse(""),
                measurement
                        .value(Measurement.VERSION)
                        .map(SoftwareReference::version)
                        .orElse(""),
                digests,
                signer);
    }

    Measurement toMeasurement() {
        CborMap.Builder values = CborMap.builder();
        if (!version.isEmpty()) {
            values.put(
                    Measurement.VERSION,
                    CborMap.builder().put(VERSION_TEXT, CborValue.of(version)).build());
        }
        values.put(
                Measurement.DIGESTS,
                new CborValue.Array(
                        digests.stream().map(ReferenceDigest::toCbor).toList()));
        if (!name.isEmpty()) {
            values.put(Measurement.NAME, CborValue.of(name));
        }
        values.put(
                Measurement.CRYPTO_KEYS,
                CborValue.arrayOf(new CborValue.Tagged(Environment.TAGGED_BYTES, CborValue.of(signerId))));
        return new Measurement(KEY, values.build());
    }

    private static String version(CborValue value) {
        CborMap map = value.asMap("version");
        if (map.entries().size() != 1) {
            throw new CorimException.Invalid("version", "with a scheme", "a text alone");
        }
        return map.get(VERSION_TEXT, "version").asText("version");
    }
}
