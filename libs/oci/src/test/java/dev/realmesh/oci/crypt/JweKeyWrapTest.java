// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// JWEs whose header is not what a key can open.
class JweKeyWrapTest {
    private static final List<PrivateKey> KEYS =
            List.of(PemKeys.privateKey(Vectors.text("coco/images/keys/rsa1-priv.pem")));

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"enc\":\"A256GCM\"}", "{\"alg\":\"RSA-OAEP\"}"})
    void withoutAnAlgorithmIsRefused(String header) {
        assertThatThrownBy(() -> unwrap(header))
                .isInstanceOf(OciException.Malformed.class)
                .hasMessageContaining("expected: alg and enc");
    }

    @Test
    void withAnotherAlgorithmFitsNoKey() {
        assertThat(unwrap("{\"enc\":\"A256GCM\",\"alg\":\"dir\"}")).isEmpty();
    }

    private static Optional<byte[]> unwrap(String header) {
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.US_ASCII));
        String jwe = "{\"protected\":\"" + encoded + "\",\"encrypted_key\":\"AA\"}";
        return JweKeyWrap.unwrap(jwe.getBytes(StandardCharsets.US_ASCII), KEYS);
    }
}
