// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Bundles that cosign 3.1.3 made and pushed, as they were, and altered.
class SigstoreBundleTest {
    private static final BlobSource NOTHING = blob -> {
        throw new AssertionError("asked for " + blob.digest());
    };

    static Stream<Arguments> recorded() throws IOException {
        try (InputStream cases =
                Objects.requireNonNull(SigstoreBundleTest.class.getResourceAsStream("/cosign/bundles.json"))) {
            return JsonMapper.shared().readTree(cases).values().stream()
                    .map(each -> Arguments.of(each.path("name").stringValue(), each))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void saysWhatItsKeySigned(String name, JsonNode given) throws IOException {
        OciDigest image = OciDigest.parse(given.path("image").stringValue());

        List<CosignSignature> signatures = SignatureImage.readReferrer(
                image, bytes(given, "manifest"), blob -> new ByteArrayInputStream(bytes(given, "bundle")));

        CosignSignature signature = signatures.getFirst();
        assertThat(signatures).hasSize(1);
        assertThat(key(given).verifies(signature)).isTrue();
        assertThat(signature.statement()).contains(new InTotoStatement(Set.of(image)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void isOfItsKeyAndPayloadAlone(String name, JsonNode given) throws Exception {
        CosignSignature signature = SigstoreBundle.parse(bytes(given, "bundle")).orElseThrow();
        byte[] payload = signature.payload();
        payload[payload.length - 1] ^= 1;

        assertThat(key(given).verifies(new CosignSignature(StatementForm.IN_TOTO, payload, signature.signature())))
                .isFalse();
        for (Object[] other : recorded().map(Arguments::get).toList()) {
            assertThat(key((JsonNode) other[1]).verifies(signature)).isEqualTo(other[0].equals(name));
        }
    }

    @Test
    void ofAnotherKindIsNoSignature() throws IOException {
        assertThat(parse(bundle -> bundle.replace("application/vnd.in-toto+json", "text/plain")))
                .isEmpty();
        assertThat(parse(bundle -> bundle.replace("dsseEnvelope", "messageSignature")))
                .isEmpty();
    }

    @Test
    void withAnotherNumberOfSignaturesIsRefused() {
        assertThatThrownBy(() -> parse(bundle -> bundle.replaceAll("\"signatures\":\\[.*?]", "\"signatures\":[]")))
                .isInstanceOf(OciException.Malformed.class)
                .hasMessageContaining("0 signatures");
    }

    @Test
    void isNotAskedForWhereItsManifestSaysAttestation() throws IOException {
        JsonNode given = first();
        String manifest = new String(bytes(given, "manifest"), StandardCharsets.UTF_8);
        OciDigest image = OciDigest.parse(given.path("image").stringValue());

        assertThat(readReferrer(image, manifest.replace(InTotoStatement.SIGNED, "https://slsa.dev/provenance/v1")))
                .isEmpty();
        assertThat(readReferrer(image, manifest.replace("\"size\":659", "\"size\":" + (SigstoreBundle.MAX_BYTES + 1))))
                .isEmpty();
        assertThat(readReferrer(OciDigest.of(new byte[1]), manifest)).isEmpty();
    }

    private static List<CosignSignature> readReferrer(OciDigest image, String manifest) throws IOException {
        return SignatureImage.readReferrer(image, manifest.getBytes(StandardCharsets.UTF_8), NOTHING);
    }

    private static Optional<CosignSignature> parse(UnaryOperator<String> change) throws IOException {
        String bundle = new String(bytes(first(), "bundle"), StandardCharsets.UTF_8);
        return SigstoreBundle.parse(change.apply(bundle).getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode first() throws IOException {
        return (JsonNode) recorded().findFirst().orElseThrow().get()[1];
    }

    private static VerificationKey key(JsonNode given) {
        return VerificationKey.parse(given.path("publicKey").stringValue());
    }

    private static byte[] bytes(JsonNode given, String member) {
        return Base64.getDecoder().decode(given.path(member).stringValue());
    }
}
