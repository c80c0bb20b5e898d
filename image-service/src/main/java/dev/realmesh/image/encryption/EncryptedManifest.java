// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.MediaTypes;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The manifest of an encrypted image: the plain one with other layers. All else in it stays, members that this project
/// does not know included, also those of layers that are the same; Docker's schema, which has no encrypted layers,
/// becomes OCI's.
final class EncryptedManifest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private EncryptedManifest() {}

    /// Exchanges the layers.
    ///
    /// @param plain a manifest that [dev.realmesh.oci.Manifest] has read
    /// @param layers as many as it has
    static byte[] of(byte[] plain, List<Descriptor> layers) {
        ObjectNode manifest = (ObjectNode) JSON.readTree(plain);
        boolean docker =
                MediaTypes.DOCKER_MANIFEST.equals(manifest.path("mediaType").asString(""));
        manifest.put("mediaType", MediaTypes.OCI_MANIFEST);
        if (docker) {
            ((ObjectNode) manifest.get("config")).put("mediaType", MediaTypes.OCI_CONFIG);
        }
        ArrayNode entries = (ArrayNode) manifest.get("layers");
        for (int i = 0; i < entries.size(); i++) {
            Descriptor layer = layers.get(i);
            String plainType = entries.get(i).path("mediaType").asString("");
            if (LayerFormat.oci(plainType).equals(layer.mediaType())) {
                ((ObjectNode) entries.get(i)).put("mediaType", layer.mediaType());
            } else {
                entries.set(i, entry(layer));
            }
        }
        return JSON.writeValueAsBytes(manifest);
    }

    private static ObjectNode entry(Descriptor layer) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("mediaType", layer.mediaType());
        entry.put("digest", layer.digest().toString());
        entry.put("size", layer.size());
        ObjectNode annotations = entry.putObject("annotations");
        new TreeMap<>(layer.annotations()).forEach(annotations::put);
        return entry;
    }
}
