// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.corim;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseKey;
import dev.realmesh.cca.cose.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// The key that signs the tokens of one platform (CPAK).
///
/// @param implementationId the kind of platform, 32 bytes
/// @param instanceId this one platform, a UEID of 33 bytes, the first one 1
/// @param key its public key
public record TrustAnchor(Bytes implementationId, Bytes instanceId, CoseKey key) implements Triple {
    private static final int TAGGED_PKIX_BASE64_KEY = 554;
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    public TrustAnchor {
        requireImplementationId(implementationId);
        if (instanceId.size() != 33 || instanceId.at(0) != 1) {
            throw new CorimException.Invalid("instance", instanceId.size() + " bytes", "33 bytes, the first one 1");
        }
    }

    static void requireImplementationId(Bytes id) {
        if (id.size() != 32) {
            throw new CorimException.Invalid("implementation-id", id.size() + " bytes", "32 bytes");
        }
    }

    static TrustAnchor read(Environment environment, List<CborValue> keys) {
        Bytes implementationId = environment.requireNoGroup().classId();
        Bytes instanceId = environment.instanceId();
        if (keys.size() != 1) {
            throw new CorimException.Invalid("attestation verification keys", Integer.toString(keys.size()), "1");
        }
        String what = "attestation verification key";
        String pem = keys.getFirst().asTagged(TAGGED_PKIX_BASE64_KEY, what).asText(what);
        return new TrustAnchor(implementationId, instanceId, keyOf(pem));
    }

    CborValue toCbor() {
        return CborValue.arrayOf(
                Environment.ofInstance(implementationId, instanceId),
                CborValue.arrayOf(new CborValue.Tagged(TAGGED_PKIX_BASE64_KEY, CborValue.of(pem()))));
    }

    /// The key as PEM (SubjectPublicKeyInfo).
    String pem() {
        byte[] info = Signatures.publicKey(key).getEncoded();
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(info);
        return BEGIN + "\n" + lines + "\n" + END + "\n";
    }

    private static CoseKey keyOf(String pem) {
        String text = pem.strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length() < BEGIN.length() + END.length()) {
            throw new CorimException.Invalid("attestation verification key", "another text", "a PEM public key");
        }
        String body = text.substring(BEGIN.length(), text.length() - END.length());
        try {
            byte[] info = Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.US_ASCII));
            return Signatures.coseKey(Signatures.publicKey(Bytes.copyOf(info)));
        } catch (IllegalArgumentException e) {
            CorimException refused =
                    new CorimException.Invalid("attestation verification key", "no base64", "a PEM public key");
            refused.initCause(e);
            throw refused;
        }
    }
}
