// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Vectors;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is signed here is what cosign signs, and only the key's other half verifies it.
class SigningKeyTest {
    private static final SimpleSigning STATEMENT =
            new SimpleSigning("registry.example/team/app", OciDigest.of(new byte[] {1}));

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "RSA", "Ed25519"})
    void signatureIsTheKeys(String kind) throws Exception {
        KeyPair pair = generate(kind);
        VerificationKey own =
                VerificationKey.parse(pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        VerificationKey other = VerificationKey.parse(
                pem("PUBLIC KEY", generate(kind).getPublic().getEncoded()));

        CosignSignature signature = SigningKey.parse(
                        pem("PRIVATE KEY", pair.getPrivate().getEncoded()))
                .sign(STATEMENT);

        assertThat(own.verifies(signature)).isTrue();
        assertThat(other.verifies(signature)).isFalse();
        assertThat(own.verifies(new CosignSignature(new byte[] {1}, signature.signature())))
                .isFalse();
        assertThat(SimpleSigning.parse(signature.payload())).isEqualTo(STATEMENT);
    }

    @Test
    void payloadIsCosignsByteForByte() {
        JsonNode given = JsonMapper.shared()
                .readTree(Vectors.bytes("coco/cosign/cases.json"))
                .get(0);
        JsonNode image = given.path("signatureImage");
        String layer =
                image.path("manifest").path("layers").get(0).path("digest").stringValue();
        byte[] payload =
                Base64.getDecoder().decode(image.path("blobs").path(layer).stringValue());

        assertThat(SimpleSigning.parse(payload).toJson()).isEqualTo(payload);
    }

    @Test
    void otherKeysAreRefused() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        String weak = pem("PUBLIC KEY", small.generateKeyPair().getPublic().getEncoded());

        assertThatThrownBy(() -> VerificationKey.parse(weak)).isInstanceOf(OciException.Unsupported.class);
        assertThatThrownBy(() -> SigningKey.parse("-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nAA==\n"))
                .hasMessageContaining("passphrase");
    }

    private static KeyPair generate(String kind) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("secp") ? "EC" : kind);
        if (kind.startsWith("secp")) {
            generator.initialize(new ECGenParameterSpec(kind));
        }
        return generator.generateKeyPair();
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }
}
