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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is signed here is what cosign signs, and only the key's other half verifies it.
class SigningKeyTest {
    private static final OciDigest DIGEST = OciDigest.of(new byte[] {1});
    private static final ImageStatement SIMPLE = new SimpleSigning("registry.example/team/app", DIGEST);
    private static final ImageStatement IN_TOTO = new InTotoStatement(Set.of(DIGEST));

    static Stream<Arguments> kinds() {
        return Stream.of("secp256r1", "secp384r1", "RSA", "Ed25519")
                .flatMap(kind -> Stream.of(Arguments.of(kind, SIMPLE), Arguments.of(kind, IN_TOTO)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void signatureIsTheKeys(String kind, ImageStatement statement) throws Exception {
        KeyPair pair = generate(kind);
        VerificationKey own =
                VerificationKey.parse(pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        VerificationKey other = VerificationKey.parse(
                pem("PUBLIC KEY", generate(kind).getPublic().getEncoded()));

        CosignSignature signature = SigningKey.parse(
                        pem("PRIVATE KEY", pair.getPrivate().getEncoded()))
                .sign(statement);

        assertThat(own.verifies(signature)).isTrue();
        assertThat(other.verifies(signature)).isFalse();
        assertThat(own.verifies(new CosignSignature(statement.form(), new byte[] {1}, signature.signature())))
                .isFalse();
        for (StatementForm form : StatementForm.values()) {
            assertThat(own.verifies(new CosignSignature(form, signature.payload(), signature.signature())))
                    .isEqualTo(form == statement.form());
        }
        assertThat(signature.statement()).contains(statement);
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
