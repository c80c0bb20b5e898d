// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.policy.PolicyRequirement.InsecureAcceptAnything;
import dev.realmesh.oci.policy.PolicyRequirement.Reject;
import dev.realmesh.oci.policy.PolicyRequirement.SigstoreSigned;
import dev.realmesh.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// policy.json: which requirements an image has, and which files are none.
class SecurityPolicyTest {
    private static final PolicyEvaluation NOTHING_SIGNED =
            new PolicyEvaluation(path -> path, (image, digest) -> List.of());

    static Stream<Arguments> decisions() {
        return JsonMapper.shared().readTree(Vectors.bytes("coco/image-policy/cases.json")).values().stream()
                .map(each -> Arguments.of(
                        each.path("image").stringValue(),
                        each.path("requirement").stringValue()));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void narrowestScopeDecides(String image, String requirement) {
        SecurityPolicy policy = SecurityPolicy.parse(Vectors.bytes("coco/image-policy/policy.json"));

        Class<?> expected = switch (requirement) {
            case "insecureAcceptAnything" -> InsecureAcceptAnything.class;
            case "sigstoreSigned" -> SigstoreSigned.class;
            default -> Reject.class;
        };
        assertThat(policy.of(Reference.parse(image))).hasSize(1).hasOnlyElementsOfType(expected);
    }

    static Stream<Arguments> invalid() {
        return JsonMapper.shared().readTree(Vectors.bytes("coco/image-policy/invalid.json")).values().stream()
                .map(each -> Arguments.of(
                        each.path("expect").stringValue(), each.path("policy").stringValue()));
    }

    /// Refused when it is read, or no image meets it; nothing of these admits an image.
    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void whatIsWrongAdmitsNothing(String name, String json) {
        assertThatThrownBy(() -> NOTHING_SIGNED.require(
                        SecurityPolicy.parse(json.getBytes(StandardCharsets.UTF_8))
                                .of(Reference.parse("app:1")),
                        Reference.parse("app:1"),
                        Set.of(OciDigest.of(new byte[0]))))
                .isInstanceOf(OciException.class);
    }

    @Test
    void gpgSignaturesAreNotTakenForGiven() {
        SecurityPolicy policy = SecurityPolicy.parse(
                "{\"default\":[{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPath\":\"x\"}]}".getBytes());

        assertThatThrownBy(() -> NOTHING_SIGNED.require(
                        policy.byDefault(), Reference.parse("app:1"), Set.of(OciDigest.of(new byte[0]))))
                .isInstanceOf(OciException.NotAdmitted.class)
                .hasMessageContaining("GPG");
    }

    @Test
    void imagesOfTheMeshAreFoundByTheirRepository() {
        SecurityPolicy policy = SecurityPolicy.parse(
                "{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{\"team\":[{\"type\":\"insecureAcceptAnything\"}]}}}"
                        .getBytes());

        assertThat(policy.of(Reference.parse("team/app:1"))).containsExactly(new InsecureAcceptAnything());
        assertThat(policy.of(Reference.parse("other/app:1"))).containsExactly(new Reject());
        assertThat(policy.of(Reference.parse("host.example/team/app:1"))).containsExactly(new Reject());
    }
}
