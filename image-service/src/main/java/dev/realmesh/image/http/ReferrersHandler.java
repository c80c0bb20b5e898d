// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.ReferrerDescriptor;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `GET /v2/<name>/referrers/<digest>`: an index of what is about a manifest, signatures for one, by pages of at most
/// 200; `artifactType` asks for one kind.
final class ReferrersHandler {
    private static final int PAGE = 200;

    private final Registry registry;

    ReferrersHandler(Registry registry) {
        this.registry = registry;
    }

    void list(Route.ReferrersOf route, Exchange exchange) throws IOException {
        OciDigest subject = BlobHandler.digest(route.digest());
        Optional<String> wanted = exchange.query("artifactType").filter(type -> !type.isEmpty());
        List<StoredManifest> page = registry.referrers(
                route.repository(), subject, exchange.query("last").orElse(""), PAGE);
        List<ReferrerDescriptor> found = new ArrayList<>();
        for (StoredManifest manifest : page) {
            manifest.asReferrer()
                    .filter(referrer -> wanted.isEmpty() || wanted.get().equals(referrer.artifactType()))
                    .ifPresent(found::add);
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
        exchange.set("Content-Type", MediaTypes.OCI_INDEX).answer(200, ReferrerDescriptor.writeAll(found));
    }
}
