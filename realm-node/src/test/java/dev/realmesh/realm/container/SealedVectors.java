// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.grpc.BrokerPeer;
import dev.realmesh.testkit.Vectors;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The recorded sealed secrets, and what they name.
public final class SealedVectors {
    /// The resource that `vault-signed` stands for.
    public static final String SECRET_PATH = "default/secret/db-password";

    private static final JsonNode VECTOR = new JsonMapper().readTree(Vectors.text("coco/sealed-secrets/cases.json"));

    private SealedVectors() {}

    /// Gives a broker what the recorded secrets name.
    public static void giveResources(BrokerPeer broker) {
        VECTOR.path("resources")
                .forEachEntry((uri, value) -> broker.holding(
                        uri.substring("kbs:///".length()), Base64.getDecoder().decode(value.stringValue())));
    }

    /// The sealed secret of a case.
    public static String recorded(String name) {
        return VECTOR.path("cases")
                .valueStream()
                .filter(vector -> vector.path("name").stringValue().equals(name))
                .findFirst()
                .orElseThrow()
                .path("sealed")
                .stringValue();
    }
}
