// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.CorimException;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.PlatformReference.PlatformConfig;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.ReferenceDigest;
import dev.realmesh.cca.corim.SoftwareReference;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reference values in the JSON of the `ccatoken` tools: an object with `platform` and `realm`, arrays of objects whose
/// byte strings are hexadecimal. A realm's `rak-hash-algorithm` is written, and not compared.
///
/// @param platforms one for each kind of platform
/// @param realms one for each Realm image
public record ReferenceValueStore(List<PlatformReference> platforms, List<RealmReference> realms) {
    private static final int MAX_CHARACTERS = 4 * 1024 * 1024;
    private static final String PLATFORM = "platform";
    private static final String REALM = "realm";
    private static final String IMPLEMENTATION_ID = "implementation-id";
    private static final String CONFIGURATION = "platform-configuration";
    private static final String COMPONENTS = "sw-components";
    private static final String TYPE = "component-type";
    private static final String MEASUREMENT = "measurement-value";
    private static final String VERSION = "version";
    private static final String SIGNER_ID = "signer-id";
    private static final String RIM = "initial-measurement";
    private static final String REMS = "extensible-measurements";
    private static final String RPV = "personalization-value";

    public ReferenceValueStore {
        platforms = List.copyOf(platforms);
        realms = List.copyOf(realms);
    }

    /// Reads a store.
    ///
    /// @throws IllegalArgumentException if it is none
    public static ReferenceValueStore parse(String json) {
        if (json.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "reference values: " + json.length() + " characters (expected: at most " + MAX_CHARACTERS + ")");
        }
        try {
            Map<String, Object> store = JSONObjectUtils.parse(json);
            return new ReferenceValueStore(
                    objects(store, PLATFORM).stream()
                            .map(ReferenceValueStore::platform)
                            .toList(),
                    objects(store, REALM).stream()
                            .map(ReferenceValueStore::realm)
                            .toList());
        } catch (ParseException | CorimException e) {
            throw new IllegalArgumentException(
                    "reference values: " + e.getMessage() + " (expected: ccatoken's JSON)", e);
        }
    }

    /// The claims of a token as reference values for the next one.
    public static String golden(CcaEvidence evidence) {
        PlatformClaims platform = evidence.platform().claims();
        RealmClaims realm = evidence.realm().claims();
        Map<String, Object> platformValues = new LinkedHashMap<>();
        platformValues.put(IMPLEMENTATION_ID, platform.implementationId().hex());
        platformValues.put(CONFIGURATION, platform.config().hex());
        platformValues.put(
                COMPONENTS,
                platform.softwareComponents().stream()
                        .map(ReferenceValueStore::component)
                        .toList());
        Map<String, Object> realmValues = new LinkedHashMap<>();
        realmValues.put(RIM, realm.initialMeasurement().hex());
        realmValues.put("rak-hash-algorithm", realm.publicKeyHashAlgorithm());
        realmValues.put(
                REMS, realm.extensibleMeasurements().stream().map(Bytes::hex).toList());
        realmValues.put(RPV, realm.personalizationValue().hex());
        Map<String, Object> store = new LinkedHashMap<>();
        store.put(PLATFORM, List.of(platformValues));
        store.put(REALM, List.of(realmValues));
        return JSONObjectUtils.toJSONString(store);
    }

    private static Map<String, Object> component(SoftwareComponent component) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (!component.type().isEmpty()) {
            values.put(TYPE, component.type());
        }
        values.put(MEASUREMENT, component.measurement().hex());
        if (!component.version().isEmpty()) {
            values.put(VERSION, component.version());
        }
        values.put(SIGNER_ID, component.signerId().hex());
        return values;
    }

    private static PlatformReference platform(Map<?, ?> values) {
        List<SoftwareReference> components = new ArrayList<>();
        for (Map<?, ?> component : objects(values, COMPONENTS)) {
            components.add(new SoftwareReference(
                    optional(component, TYPE),
                    optional(component, VERSION),
                    List.of(ReferenceDigest.sha2(hex(component, MEASUREMENT))),
                    hex(component, SIGNER_ID)));
        }
        return new PlatformReference(
                hex(values, IMPLEMENTATION_ID),
                components,
                List.of(PlatformConfig.exactly(hex(values, CONFIGURATION))));
    }

    private static RealmReference realm(Map<?, ?> values) {
        if (!(values.get(REMS) instanceof List<?> rems)) {
            throw new IllegalArgumentException(REMS + ": absent (expected: a list)");
        }
        return RealmReference.ofRim(hex(values, RIM))
                .withRems(rems.stream()
                        .map(rem -> Bytes.ofHex(String.valueOf(rem)))
                        .toList())
                .withRpv(hex(values, RPV));
    }

    private static List<Map<?, ?>> objects(Map<?, ?> values, String name) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (values.get(name) instanceof List<?> list) {
            for (Object element : list) {
                if (!(element instanceof Map<?, ?> object)) {
                    throw new IllegalArgumentException(name + ": an element (expected: objects)");
                }
                objects.add(object);
            }
        }
        return objects;
    }

    private static Bytes hex(Map<?, ?> values, String name) {
        if (values.get(name) instanceof String text) {
            return Bytes.ofHex(text);
        }
        throw new IllegalArgumentException(name + ": absent (expected: hexadecimal digits)");
    }

    private static String optional(Map<?, ?> values, String name) {
        return values.get(name) instanceof String text ? text : "";
    }
}
