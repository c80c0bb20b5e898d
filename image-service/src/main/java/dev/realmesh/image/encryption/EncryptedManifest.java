// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.MediaTypes;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The manifest of an encrypted image: the plain one with other layers. All else in it stays, members that this project
/// does not know included; Docker's schema, which has no encrypted layers, becomes OCI's.
final class EncryptedManifest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private EncryptedManifest() {}

    /// Exchanges the layers.
    ///
    /// @param plain a manifest that [dev.realmesh.oci.Manifest] has read
    static byte[] of(byte[] plain, List<Descriptor> layers) {
        ObjectNode manifest = (ObjectNode) JSON.readTree(plain);
        boolean docker =
                MediaTypes.DOCKER_MANIFEST.equals(manifest.path("mediaType").asString(""));
        manifest.put("mediaType", MediaTypes.OCI_MANIFEST);
        if (docker) {
            ((ObjectNode) manifest.get("config")).put("mediaType", MediaTypes.OCI_CONFIG);
        }
        ArrayNode written = JSON.createArrayNode();
        for (Descriptor layer : layers) {
            ObjectNode entry = written.addObject();
            entry.put("mediaType", layer.mediaType());
            entry.put("digest", layer.digest().toString());
            entry.put("size", layer.size());
            ObjectNode annotations = entry.putObject("annotations");
            new TreeMap<>(layer.annotations()).forEach(annotations::put);
        }
        manifest.set("layers", written);
        return JSON.writeValueAsBytes(manifest);
    }
}
