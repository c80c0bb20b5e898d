// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.corim.PlatformReference.PlatformConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// CoRIMs as JSON values (maps, lists, texts, numbers), for people; byte strings in hexadecimal.
public final class CorimJson {
    private CorimJson() {}

    /// A whole CoRIM.
    public static Map<String, Object> show(Corim corim) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("corim-id", corim.id());
        json.put("profile", corim.profile().uri());
        if (!corim.validity().equals(Validity.ALWAYS)) {
            json.put("not-before", corim.validity().notBefore().toString());
            json.put("not-after", corim.validity().notAfter().toString());
        }
        json.put("tags", corim.tags().stream().map(CorimJson::show).toList());
        return json;
    }

    private static Map<String, Object> show(Comid comid) {
        List<Object> references = new ArrayList<>();
        List<Object> keys = new ArrayList<>();
        for (Triple triple : comid.triples()) {
            switch (triple) {
                case RealmReference realm -> references.add(show(realm));
                case PlatformReference platform -> references.add(show(platform));
                case TrustAnchor anchor -> keys.add(show(anchor));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tag-id", comid.tagId());
        putUnlessEmpty(json, "reference-values", references);
        putUnlessEmpty(json, "attester-verification-keys", keys);
        return json;
    }

    private static Map<String, Object> show(RealmReference realm) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("class-id", realm.rim().hex());
        json.put("rim", realm.rimDigest().hex());
        realm.rems().forEach((index, rem) -> json.put("rem" + index, rem.hex()));
        realm.rpvs().forEach(rpv -> json.put("rpv", rpv.hex()));
        return json;
    }

    private static Map<String, Object> show(PlatformReference platform) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("class-id", platform.implementationId().hex());
        json.put(
                "software-components",
                platform.components().stream().map(CorimJson::show).toList());
        for (PlatformConfig config : platform.configs()) {
            json.put("platform-config", config.value().hex());
            json.put("platform-config-mask", config.mask().hex());
        }
        return json;
    }

    private static Map<String, Object> show(SoftwareReference component) {
        Map<String, Object> json = new LinkedHashMap<>();
        putUnlessEmpty(json, "name", component.name());
        putUnlessEmpty(json, "version", component.version());
        json.put(
                "digests",
                component.digests().stream()
                        .map(digest -> digest.name() + ";" + digest.value().hex())
                        .toList());
        json.put("signer-id", component.signerId().hex());
        return json;
    }

    private static Map<String, Object> show(TrustAnchor anchor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("class-id", anchor.implementationId().hex());
        json.put("instance", anchor.instanceId().hex());
        json.put("key", anchor.pem());
        return json;
    }

    private static void putUnlessEmpty(Map<String, Object> json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> json, String name, List<Object> list) {
        if (!list.isEmpty()) {
            json.put(name, list);
        }
    }
}
