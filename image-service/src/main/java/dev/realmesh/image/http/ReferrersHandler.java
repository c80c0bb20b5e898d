// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Referrer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// `GET /v2/<name>/referrers/<digest>`: an index of what is about a manifest, signatures for one, by pages of at most
/// 200; `artifactType` asks for one kind.
final class ReferrersHandler {
    private static final int PAGE = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Registry registry;

    ReferrersHandler(Registry registry) {
        this.registry = registry;
    }

    void list(Route.ReferrersOf route, Exchange exchange) throws IOException {
        OciDigest subject = BlobHandler.digest(route.digest());
        Optional<String> wanted = exchange.query("artifactType").filter(type -> !type.isEmpty());
        List<StoredManifest> page = registry.referrers(
                route.repository(), subject, exchange.query("last").orElse(""), PAGE);
        List<Map<String, Object>> descriptors = new ArrayList<>();
        for (StoredManifest manifest : page) {
            Referrer.parse(manifest.content())
                    .filter(referrer -> wanted.isEmpty() || wanted.get().equals(referrer.artifactType()))
                    .ifPresent(referrer -> descriptors.add(descriptor(manifest, referrer)));
        }
        if (page.size() == PAGE) {
            String filter = wanted.map(type -> "&artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8))
                    .orElse("");
            exchange.set(
                    "Link",
                    "</v2/" + route.repository() + "/referrers/" + subject + "?last="
                            + page.getLast().digest() + filter + ">; rel=\"next\"");
        }
        if (wanted.isPresent()) {
            exchange.set("OCI-Filters-Applied", "artifactType");
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.OCI_INDEX);
        index.put("manifests", descriptors);
        exchange.set("Content-Type", MediaTypes.OCI_INDEX).answer(200, JSON.writeValueAsBytes(index));
    }

    private static Map<String, Object> descriptor(StoredManifest manifest, Referrer referrer) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", manifest.mediaType());
        descriptor.put("digest", manifest.digest().toString());
        descriptor.put("size", manifest.content().length);
        if (!referrer.artifactType().isEmpty()) {
            descriptor.put("artifactType", referrer.artifactType());
        }
        if (!referrer.annotations().isEmpty()) {
            descriptor.put("annotations", referrer.annotations());
        }
        return descriptor;
    }
}
