// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference.PlatformConfig;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reference values as JSON values (maps, lists, texts, numbers), with the names and the shape that Veraison's CoRIM
/// library gives a reference-value triple, for policies that are written for it: byte strings in base64, but digests as
/// `[algorithm, base64url without padding]`.
public final class TripleJson {
    private static final String VALUE = "value";

    private TripleJson() {}

    /// The reference values of a platform.
    public static Map<String, Object> of(PlatformReference platform) {
        List<Object> measurements = new ArrayList<>();
        for (SoftwareReference component : platform.components()) {
            measurements.add(measurement(SoftwareReference.KEY, component(component)));
        }
        for (PlatformConfig config : platform.configs()) {
            measurements.add(measurement(
                    PlatformConfig.KEY,
                    Map.of(
                            "raw-value",
                            bytes(config.value()),
                            "raw-value-mask",
                            config.mask().base64())));
        }
        return triple(platform.implementationId(), measurements);
    }

    /// The reference values of a Realm.
    public static Map<String, Object> of(RealmReference realm) {
        List<Object> measurements = new ArrayList<>();
        measurements.add(digest(RealmReference.RIM, realm.rimDigest()));
        realm.rems().forEach((index, rem) -> measurements.add(digest(RealmReference.REM + index, rem)));
        realm.rpvs().forEach(rpv -> measurements.add(measurement(RealmReference.RPV, Map.of("raw-value", bytes(rpv)))));
        return triple(realm.rim(), measurements);
    }

    private static Map<String, Object> triple(Bytes classId, List<Object> measurements) {
        Map<String, Object> triple = new LinkedHashMap<>();
        triple.put("environment", Map.of("class", Map.of("id", bytes(classId))));
        triple.put("measurements", measurements);
        return triple;
    }

    private static Map<String, Object> component(SoftwareReference component) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (!component.version().isEmpty()) {
            values.put("version", Map.of(VALUE, component.version()));
        }
        values.put(
                "digests", component.digests().stream().map(TripleJson::digest).toList());
        if (!component.name().isEmpty()) {
            values.put("name", component.name());
        }
        values.put("cryptokeys", List.of(bytes(component.signerId())));
        return values;
    }

    private static Map<String, Object> digest(String key, Bytes value) {
        return measurement(key, Map.of("digests", List.of(digest(ReferenceDigest.sha2(value)))));
    }

    private static List<Object> digest(ReferenceDigest digest) {
        String value = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(digest.value().toByteArray());
        return List.of((long) digest.algorithm(), value);
    }

    private static Map<String, Object> measurement(String key, Map<String, Object> values) {
        Map<String, Object> measurement = new LinkedHashMap<>();
        measurement.put("key", Map.of("type", "string", VALUE, key));
        measurement.put(VALUE, values);
        return measurement;
    }

    private static Map<String, Object> bytes(Bytes value) {
        return Map.of("type", "bytes", VALUE, value.base64());
    }
}
