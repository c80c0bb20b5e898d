// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Vectors;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Key packets of Confidential Containers, versions 1 and 2.
class KeyPacketTest {
    static Stream<JsonNode> cases() {
        return JsonMapper.shared()
                .readTree(Vectors.bytes("coco/annotation-packet/cases.json"))
                .valueStream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void opensWhatItShould(JsonNode recorded) {
        byte[] packet = bytes(recorded, "annotationB64");
        SecretKey key = new SecretKeySpec(bytes(recorded, "kekB64"), "AES");

        if (recorded.get("expect").stringValue().startsWith("unwraps")) {
            assertThat(KeyPacket.parse(packet).unwrap(key)).isEqualTo(bytes(recorded, "expectedOptsB64"));
        } else {
            assertThatThrownBy(() -> KeyPacket.parse(packet).unwrap(key)).isInstanceOf(OciException.class);
        }
    }

    @Test
    void opensWhatItWrapped() {
        SecretKey key = new SecretKeySpec(new byte[32], "AES");
        Recipient.KeyBroker recipient = new Recipient.KeyBroker("kbs:///r/t/g", key);

        KeyPacket packet = KeyPacket.parse(
                KeyPacket.wrap(recipient, new byte[] {1, 2}, new SecureRandom()).toJson());

        assertThat(packet.kid()).isEqualTo("kbs:///r/t/g");
        assertThat(packet.unwrap(key)).containsExactly(1, 2);
    }

    private static byte[] bytes(JsonNode node, String name) {
        return Base64.getDecoder().decode(node.get(name).stringValue());
    }
}
