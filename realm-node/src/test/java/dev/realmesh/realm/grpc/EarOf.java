// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/// Attestation results in the form of a JWT, as far as a Realm looks into them.
public final class EarOf {
    private EarOf() {}

    public static String endingAt(Instant end) {
        return claiming("{\"exp\":" + end.getEpochSecond() + "}");
    }

    public static String claiming(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + ".c2ln";
    }
}
