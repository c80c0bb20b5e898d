// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.JSONArrayUtils;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.Signatures;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Platform keys in the JSON of the `ccatoken` tools: an array of objects with `pkey` (a public JWK),
/// `implementation-id` and `instance-id` (hexadecimal). Unlike those, a key holds for its implementation only.
public final class TrustAnchorStore {
    private static final int MAX_CHARACTERS = 4 * 1024 * 1024;

    private final Map<Platform, CoseKey> anchors;

    private record Platform(Bytes implementationId, Bytes instanceId) {}

    private TrustAnchorStore(Map<Platform, CoseKey> anchors) {
        this.anchors = anchors;
    }

    /// Reads a store.
    ///
    /// @throws IllegalArgumentException if it is none, or names a platform twice
    public static TrustAnchorStore parse(String json) {
        if (json.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "trust anchors: " + json.length() + " characters (expected: at most " + MAX_CHARACTERS + ")");
        }
        Map<Platform, CoseKey> anchors = new HashMap<>();
        try {
            for (Object element : JSONArrayUtils.parse(json)) {
                if (!(element instanceof Map<?, ?> anchor)) {
                    throw new IllegalArgumentException("trust anchors: an element (expected: objects)");
                }
                add(anchors, anchor);
            }
        } catch (ParseException | JOSEException | CborException e) {
            throw new IllegalArgumentException("trust anchors: " + e.getMessage() + " (expected: ccatoken's JSON)", e);
        }
        return new TrustAnchorStore(anchors);
    }

    /// The store of one platform, that of a token.
    ///
    /// @param jwk its public key
    /// @throws IllegalArgumentException if that is none
    public static TrustAnchorStore of(PlatformClaims platform, String jwk) {
        try {
            CoseKey key = Signatures.coseKey(ECKey.parse(jwk).toECPublicKey());
            return new TrustAnchorStore(Map.of(new Platform(platform.implementationId(), platform.instanceId()), key));
        } catch (ParseException | JOSEException | CborException e) {
            throw new IllegalArgumentException("platform key: not read (expected: a public EC JWK)", e);
        }
    }

    /// The store as JSON.
    public String toJson() {
        return JSONArrayUtils.toJSONString(anchors.entrySet().stream()
                .map(anchor -> Map.of(
                        "implementation-id", anchor.getKey().implementationId().hex(),
                        "instance-id", anchor.getKey().instanceId().hex(),
                        "pkey", jwk(anchor.getValue())))
                .toList());
    }

    private static Map<String, Object> jwk(CoseKey key) {
        ECPublicKey known = Signatures.publicKey(key);
        return new ECKey.Builder(Curve.forECParameterSpec(known.getParams()), known)
                .build()
                .toJSONObject();
    }

    /// The key of a platform.
    public Optional<CoseKey> find(PlatformClaims platform) {
        return Optional.ofNullable(anchors.get(new Platform(platform.implementationId(), platform.instanceId())));
    }

    /// All keys, each as a statement of a CoRIM.
    public List<TrustAnchor> anchors() {
        return anchors.entrySet().stream()
                .map(anchor -> new TrustAnchor(
                        anchor.getKey().implementationId(), anchor.getKey().instanceId(), anchor.getValue()))
                .toList();
    }

    /// Checks signatures and binding of evidence by the key of its platform.
    ///
    /// @throws IntegrityException the first check that fails
    public void requireGenuine(CcaEvidence evidence) {
        CoseKey key = find(evidence.platform().claims()).orElseThrow(IntegrityException.NoTrustAnchor::new);
        EvidenceIntegrity.requireGenuine(evidence, Signatures.publicKey(key));
    }

    private static void add(Map<Platform, CoseKey> anchors, Map<?, ?> anchor) throws ParseException, JOSEException {
        if (!(anchor.get("pkey") instanceof Map<?, ?> jwk)) {
            throw new IllegalArgumentException("pkey: absent (expected: a public JWK)");
        }
        Map<String, Object> members = new HashMap<>();
        jwk.forEach((name, value) -> members.put(String.valueOf(name), value));
        Platform platform = new Platform(hex(anchor, "implementation-id", 32), hex(anchor, "instance-id", 33));
        CoseKey key = Signatures.coseKey(ECKey.parse(members).toECPublicKey());
        if (anchors.putIfAbsent(platform, key) != null) {
            throw new IllegalArgumentException("instance-id: " + platform.instanceId() + " twice (expected: once)");
        }
    }

    private static Bytes hex(Map<?, ?> anchor, String name, int size) {
        Bytes value = Bytes.ofHex(String.valueOf(anchor.get(name)));
        if (value.size() != size) {
            throw new IllegalArgumentException(name + ": " + value.size() + " bytes (expected: " + size + ")");
        }
        return value;
    }
}
