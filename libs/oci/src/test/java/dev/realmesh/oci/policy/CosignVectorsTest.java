// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Signature images that cosign made, and altered ones: each is accepted or refused as recorded.
class CosignVectorsTest {
    static Stream<Arguments> cases() {
        return JsonMapper.shared().readTree(Vectors.bytes("coco/cosign/cases.json")).values().stream()
                .map(each -> Arguments.of(each.path("name").stringValue(), each));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isAsRecorded(String name, JsonNode given) {
        Reference image = Reference.parse(given.path("imageReference").stringValue());
        OciDigest digest = OciDigest.parse(given.path("imageManifestDigest").stringValue());
        assertThat(SignatureImage.tag(digest).name())
                .isEqualTo(given.path("signatureTag").stringValue());

        if (given.path("expect").stringValue().startsWith("accept")) {
            assertThatCode(() -> evaluate(given, image, digest)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> evaluate(given, image, digest)).isInstanceOf(OciException.class);
        }
    }

    private static void evaluate(JsonNode given, Reference image, OciDigest digest) throws Exception {
        JsonNode signatureImage = given.path("signatureImage");
        Manifest manifest =
                Manifest.parse(base64(signatureImage.path("manifestB64").stringValue()));
        BlobSource blobs = blob -> new ByteArrayInputStream(base64(
                signatureImage.path("blobs").path(blob.digest().toString()).stringValue()));
        new PolicyEvaluation(path -> path, (reference, of) -> SignatureImage.read(manifest, blobs))
                .require(requirements(given), image, Set.of(digest));
    }

    private static List<PolicyRequirement> requirements(JsonNode given) {
        ObjectNode signed = JsonNodeFactory.instance.objectNode();
        signed.put("type", "sigstoreSigned");
        signed.put("keyData", given.path("trustedKeyPem").stringValue());
        signed.set("signedIdentity", given.path("signedIdentity"));
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        policy.putArray("default").add(signed);
        return SecurityPolicy.parse(JsonMapper.shared().writeValueAsBytes(policy))
                .byDefault();
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
