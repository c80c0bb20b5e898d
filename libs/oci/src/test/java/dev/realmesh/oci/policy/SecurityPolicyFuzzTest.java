// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.testkit.Vectors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// Any bytes are a policy that asks something of every image, or refused by an [OciException].
class SecurityPolicyFuzzTest {
    private static final List<Reference> IMAGES = Stream.of(
                    "registry.example/team/app:1", "app", "registry.local:5000/open/app:1")
            .map(Reference::parse)
            .toList();

    @MethodSource("recorded")
    @FuzzTest
    void reads(byte[] input) {
        SecurityPolicy policy;
        try {
            policy = SecurityPolicy.parse(input);
        } catch (OciException e) {
            return;
        }
        if (IMAGES.stream().anyMatch(image -> policy.of(image).isEmpty())) {
            throw new AssertionError("a policy asks nothing of an image, and so admits it");
        }
    }

    static Stream<byte[]> recorded() {
        return Stream.of(Vectors.bytes("coco/image-policy/policy.json"));
    }
}
