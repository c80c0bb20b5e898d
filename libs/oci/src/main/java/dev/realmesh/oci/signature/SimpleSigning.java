// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// What is signed: that a digest is that of the image with a name (containers/image, "Simple signing", as cosign writes
/// it).
///
/// @param dockerReference `host/repository`, without tag
/// @param manifestDigest digest of the manifest or index
public record SimpleSigning(String dockerReference, OciDigest manifestDigest) implements ImageStatement {
    /// Largest payload that is read, in bytes.
    public static final int MAX_BYTES = 64 << 10;

    private static final String TYPE = "cosign container image signature";

    /// Reads a payload.
    ///
    /// @throws OciException if it is none
    public static SimpleSigning parse(byte[] payload) {
        JsonDocument critical =
                JsonDocument.parse("signature payload", payload, MAX_BYTES).object("critical");
        String type = critical.text("type");
        if (!type.equals(TYPE)) {
            throw new OciException.Unsupported("signature payload: type " + type + " (expected: " + TYPE + ")");
        }
        return new SimpleSigning(
                critical.object("identity").text("docker-reference"),
                OciDigest.parse(critical.object("image").text("docker-manifest-digest")));
    }

    @Override
    public Set<OciDigest> digests() {
        return Set.of(manifestDigest);
    }

    @Override
    public Optional<String> name() {
        return Optional.of(dockerReference);
    }

    @Override
    public StatementForm form() {
        return StatementForm.SIMPLE_SIGNING;
    }

    /// The payload, byte for byte as cosign writes it.
    @Override
    public byte[] toJson() {
        Map<String, Object> critical = new LinkedHashMap<>();
        critical.put("identity", Map.of("docker-reference", dockerReference));
        critical.put("image", Map.of("docker-manifest-digest", manifestDigest.toString()));
        critical.put("type", TYPE);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("critical", critical);
        payload.put("optional", null);
        return JsonMapper.shared().writeValueAsBytes(payload);
    }
}
