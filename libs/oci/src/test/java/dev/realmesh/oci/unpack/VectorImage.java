// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/// One of the recorded images, with the keys that were recorded for all of them.
record VectorImage(OciLayout layout, Manifest manifest, ImageConfig config) {
    static VectorImage open(String name) throws IOException {
        OciLayout layout = OciLayout.open(Vectors.path("coco/images/" + name));
        Manifest manifest = Manifest.parse(layout.read(layout.image(""), Manifest.MAX_BYTES));
        ImageConfig config = ImageConfig.parse(layout.read(manifest.config(), ImageConfig.MAX_BYTES));
        return new VectorImage(layout, manifest, config);
    }

    UnpackReport unpack(KeySource keys, Path rootfs) throws IOException {
        return new UnpackImage(layout, new LayerDecryption(keys), UnpackLimits.defaults())
                .unpack(manifest, config, rootfs);
    }

    static KeySource recordedKeys() {
        return new KeySource() {
            @Override
            public Optional<SecretKey> keyEncryptionKey(String kid) {
                return Optional.ofNullable(JsonMapper.shared()
                                .readTree(Vectors.bytes("coco/images/keys/keks.json"))
                                .get(kid))
                        .map(kek -> new SecretKeySpec(Base64.getDecoder().decode(kek.stringValue()), "AES"));
            }

            @Override
            public List<PrivateKey> privateKeys() {
                return List.of(recordedKey("rsa2"), recordedKey("ec1"), recordedKey("rsa1"));
            }
        };
    }

    static PrivateKey recordedKey(String name) {
        return PemKeys.privateKey(Vectors.text("coco/images/keys/" + name + "-priv.pem"));
    }
}
