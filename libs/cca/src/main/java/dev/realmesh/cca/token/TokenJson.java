// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Tokens as JSON values (maps, lists, texts, numbers), with the claim names of Veraison's library.
public final class TokenJson {
    private static final String MEC_POLICY = "cca-realm-mec-policy";

    private static final Map<Long, String> PLATFORM_NAMES = Map.of(
            (long) PlatformClaims.PROFILE, "cca-platform-profile",
            (long) PlatformClaims.CHALLENGE, "cca-platform-challenge",
            (long) PlatformClaims.IMPLEMENTATION_ID, "cca-platform-implementation-id",
            (long) PlatformClaims.INSTANCE_ID, "cca-platform-instance-id",
            (long) PlatformClaims.CONFIG, "cca-platform-config",
            (long) PlatformClaims.LIFECYCLE, "cca-platform-lifecycle",
            (long) PlatformClaims.SOFTWARE_COMPONENTS, "cca-platform-sw-components",
            (long) PlatformClaims.SERVICE_INDICATOR, "cca-platform-service-indicator",
            (long) PlatformClaims.HASH_ALGORITHM, "cca-platform-hash-algo-id");
    private static final Map<Long, String> REALM_NAMES = Map.of(
            (long) RealmClaims.PROFILE, "cca-realm-profile",
            (long) RealmClaims.CHALLENGE, "cca-realm-challenge",
            (long) RealmClaims.PERSONALIZATION_VALUE, "cca-realm-personalization-value",
            (long) RealmClaims.HASH_ALGORITHM, "cca-realm-hash-algo-id",
            (long) RealmClaims.PUBLIC_KEY, "cca-realm-public-key",
            (long) RealmClaims.PUBLIC_KEY_HASH_ALGORITHM, "cca-realm-public-key-hash-algo-id",
            (long) RealmClaims.INITIAL_MEASUREMENT, "cca-realm-initial-measurement",
            (long) RealmClaims.EXTENSIBLE_MEASUREMENTS, "cca-realm-extensible-measurements",
            (long) RealmClaims.MEC_POLICY, MEC_POLICY,
            (long) RealmClaims.INSTANCE_ID, "cca-realm-instance-id");
    private static final Map<Long, String> COMPONENT_NAMES = Map.of(
            (long) SoftwareComponent.TYPE, "measurement-type",
            (long) SoftwareComponent.MEASUREMENT, "measurement-value",
            (long) SoftwareComponent.VERSION, "version",
            (long) SoftwareComponent.SIGNER_ID, "signer-id",
            (long) SoftwareComponent.HASH_ALGORITHM, "measurement-description");

    private final Function<Bytes, String> bytes;

    private TokenJson(Function<Bytes, String> bytes) {
        this.bytes = bytes;
    }

    /// A whole token for people: byte strings in hexadecimal; claims without a name under their label.
    public static Map<String, Object> show(CcaEvidence evidence) {
        TokenJson json = new TokenJson(Bytes::hex);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("tag", evidence.form().tag());
        shown.put("cca-platform-token", json.named(evidence.platform().claims().toCbor(), PLATFORM_NAMES));
        shown.put(
                "cca-realm-delegated-token",
                json.named(evidence.realm().claims().toCbor(), REALM_NAMES));
        return shown;
    }

    /// The claims of a platform token as an EAR annotates them: byte strings in base64, named claims only.
    public static Map<String, Object> annotate(PlatformClaims claims) {
        return annotate(claims.toCbor(), PLATFORM_NAMES);
    }

    /// The claims of a realm token as an EAR annotates them.
    public static Map<String, Object> annotate(RealmClaims claims) {
        return annotate(claims.toCbor(), REALM_NAMES);
    }

    private static Map<String, Object> annotate(CborMap claims, Map<Long, String> names) {
        Map<String, Object> named = new TokenJson(Bytes::base64).named(claims, names);
        named.keySet().retainAll(names.values());
        return named;
    }

    private Map<String, Object> named(CborMap map, Map<Long, String> names) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (CborMap.Entry entry : map.entries()) {
            String label = label(entry.key());
            String name =
                    entry.key() instanceof CborValue.Int number ? names.getOrDefault(number.value(), label) : label;
            json.put(name, isComponents(names, name) ? components(entry.value()) : plain(entry.value()));
        }
        return json;
    }

    private static boolean isComponents(Map<Long, String> names, String name) {
        return name.equals(names.get((long) PlatformClaims.SOFTWARE_COMPONENTS));
    }

    private List<Object> components(CborValue value) {
        List<Object> json = new ArrayList<>();
        for (CborValue component : value.asArray("components")) {
            json.add(named(component.asMap("component"), COMPONENT_NAMES));
        }
        return json;
    }

    private Object plain(CborValue value) {
        return switch (value) {
            case CborValue.Int integer -> integer.value();
            case CborValue.ByteString string -> bytes.apply(string.value());
            case CborValue.Text text -> text.value();
            case CborValue.Array array ->
                array.items().stream().map(this::plain).toList();
            case CborMap map -> named(map, Map.of());
            case CborValue.Tagged tagged -> Map.of("tag", tagged.tag(), "value", plain(tagged.content()));
            case CborValue.Simple simple -> simple(simple.value());
        };
    }

    private static Object simple(int value) {
        return switch (value) {
            case 20 -> false;
            case 21 -> true;
            default -> "simple(" + value + ")";
        };
    }

    private String label(CborValue key) {
        return String.valueOf(plain(key));
    }
}
