// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.ArrayList;
import java.util.List;

/// Reference values of one kind of platform.
///
/// @param implementationId the kind, 32 bytes
/// @param components its software, at least one component
/// @param configs its configuration: one, or none if nothing is said of it
public record PlatformReference(
        Bytes implementationId, List<SoftwareReference> components, List<PlatformConfig> configs) implements Triple {

    /// A platform configuration.
    ///
    /// @param value the configuration
    /// @param mask which of its bits count
    public record PlatformConfig(Bytes value, Bytes mask) {
        static final String KEY = "cca.platform-config";

        /// A configuration of which every bit counts.
        public static PlatformConfig exactly(Bytes value) {
            byte[] ones = new byte[value.size()];
            java.util.Arrays.fill(ones, (byte) 0xFF);
            return new PlatformConfig(value, Bytes.copyOf(ones));
        }

        /// Whether a configuration of a platform is this one, in the bits that count.
        public boolean admits(Bytes config) {
            if (config.size() != value.size() || mask.size() != value.size()) {
                return false;
            }
            for (int i = 0; i < config.size(); i++) {
                if (((config.at(i) ^ value.at(i)) & mask.at(i)) != 0) {
                    return false;
                }
            }
            return true;
        }

        static PlatformConfig read(Measurement measurement) {
            measurement.requireOnly(Measurement.RAW_VALUE, Measurement.RAW_VALUE_MASK);
            CborValue mask = measurement
                    .value(Measurement.RAW_VALUE_MASK)
                    .orElseThrow(() -> new CorimException.Invalid(KEY + " raw-value-mask", "absent", "mandatory"));
            return new PlatformConfig(measurement.rawValue(), mask.asBytes(KEY + " raw-value-mask"));
        }

        Measurement toMeasurement() {
            return new Measurement(
                    KEY,
                    CborMap.builder()
                            .put(
                                    Measurement.RAW_VALUE,
                                    new CborValue.Tagged(Environment.TAGGED_BYTES, CborValue.of(value)))
                            .put(Measurement.RAW_VALUE_MASK, CborValue.of(mask))
                            .build());
        }
    }

    public PlatformReference {
        components = List.copyOf(components);
        configs = List.copyOf(configs);
        TrustAnchor.requireImplementationId(implementationId);
        if (components.isEmpty() || configs.size() > 1) {
            throw new CorimException.Invalid(
                    "platform reference value",
                    components.size() + " components, " + configs.size() + " configurations",
                    "at least one, at most one");
        }
    }

    static PlatformReference read(Environment environment, List<CborValue> measurements) {
        List<SoftwareReference> components = new ArrayList<>();
        List<PlatformConfig> configs = new ArrayList<>();
        for (CborValue value : measurements) {
            Measurement measurement = Measurement.read(value);
            switch (measurement.key()) {
                case SoftwareReference.KEY -> components.add(SoftwareReference.read(measurement));
                case PlatformConfig.KEY -> configs.add(PlatformConfig.read(measurement));
                default ->
                    throw new CorimException.Invalid(
                            "mkey", measurement.key(), SoftwareReference.KEY + " or " + PlatformConfig.KEY);
            }
        }
        return new PlatformReference(environment.requireNoInstance().classId(), components, configs);
    }

    CborValue toCbor() {
        List<CborValue> measurements = new ArrayList<>();
        components.forEach(
                component -> measurements.add(component.toMeasurement().toCbor()));
        configs.forEach(config -> measurements.add(config.toMeasurement().toCbor()));
        return CborValue.arrayOf(Environment.ofClass(implementationId), new CborValue.Array(measurements));
    }
}
