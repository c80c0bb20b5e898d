// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are a bundle and a payload, or refused by an [OciException]; none is verified that the key did not sign.
class SignatureFuzzTest {
    private static final KeyPair KEY = generate();
    private static final VerificationKey VERIFICATION =
            VerificationKey.parse(pem("PUBLIC KEY", KEY.getPublic().getEncoded()));
    private static final OciDigest DIGEST = OciDigest.of(new byte[] {1});
    private static final ImageStatement SIGNED = new InTotoStatement(Set.of(DIGEST));

    @MethodSource("made")
    @FuzzTest
    void reads(byte[] input) {
        for (StatementForm form : StatementForm.values()) {
            statement(new CosignSignature(form, input, new byte[64]));
        }
        Optional<CosignSignature> signature;
        try {
            signature = SigstoreBundle.parse(input);
        } catch (OciException e) {
            return;
        }
        boolean isForged = signature
                .filter(VERIFICATION::verifies)
                .filter(verified -> !statement(verified).equals(Optional.of(SIGNED)))
                .isPresent();
        if (isForged) {
            throw new AssertionError("a statement is verified that was not signed");
        }
    }

    private static Optional<ImageStatement> statement(CosignSignature signature) {
        try {
            return signature.statement();
        } catch (OciException e) {
            return Optional.empty();
        }
    }

    static Stream<byte[]> made() {
        SigningKey key = SigningKey.parse(pem("PRIVATE KEY", KEY.getPrivate().getEncoded()));
        return Stream.of(
                SigstoreBundle.toJson(key.sign(SIGNED)),
                SIGNED.toJson(),
                new SimpleSigning("registry.example/app", DIGEST).toJson());
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type
                + "-----\n";
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
