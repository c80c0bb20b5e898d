// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.ImagePlaces;
import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.KeyPacket;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.proto.keyprovider.KeyProviderKeyWrapProtocolInput;
import dev.realmesh.proto.keyprovider.KeyProviderServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An image whose layer keys the key provider wrapped, asked as ocicrypt asks it, runs in a Realm. Where there is a
/// skopeo, [SkopeoTest] does the same with it.
@Timeout(180)
class KeyProviderTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SecretKey NOBODYS = new SecretKeySpec(new SecureRandom().generateSeed(32), "AES");
    private static final String KEY_ID = "kbs:///default/image-kek/provided";

    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @Test
    void realmRunsAnImageThatNobodyButTheBrokerHasAKeyOf() throws Exception {
        ImagePlaces places = new ImagePlaces(Caller.ofProcess());
        Recipient nobody = new Recipient.KeyBroker("kbs:///no/such/key", NOBODYS);
        try (ImagePlaces.Place from = places.open("oci:" + folder.resolve("plain"));
                ImagePlaces.Place to = places.open(mesh.registry() + "/provided:1")) {
            var unused = new EncryptImage(java.util.List.of(nobody), new SecureRandom())
                    .copy(from.source(), from.image(), Platform.current(), new WrappedAnew(to.sink()));
        }

        Outcome run = mesh.realmesh("run", "provided:1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains(MeshFixture.GREETING);
        assertThat(mesh.realmesh("secret", "list").out()).contains("default/image-kek/provided");
        assertThat(mesh.realmesh("secret", "audit").out()).contains("key-provider  default/image-kek/provided");
        mesh.assertNothingIsLeft();
    }

    /// Puts the key provider's packets in the place of nobody's.
    private record WrappedAnew(ImageSink target) implements ImageSink {
        @Override
        public void putBlob(Descriptor blob, InputStream content) throws IOException {
            target.putBlob(blob, content);
        }

        @Override
        public void putManifest(Descriptor manifest, byte[] content) throws IOException {
            JsonNode changed = JSON.readTree(content);
            for (JsonNode layer : changed.get("layers")) {
                ObjectNode annotations = (ObjectNode) layer.get("annotations");
                byte[] packet = Base64.getDecoder()
                        .decode(annotations.get(KeyPacket.ANNOTATION).stringValue());
                annotations.put(
                        KeyPacket.ANNOTATION, wrapped(KeyPacket.parse(packet).unwrap(NOBODYS)));
            }
            byte[] bytes = JSON.writeValueAsBytes(changed);
            OciDigest digest = OciDigest.of(
                    OciDigest.Algorithm.SHA256,
                    OciDigest.Algorithm.SHA256.newHash().digest(bytes));
            target.putManifest(
                    new Descriptor(manifest.mediaType(), digest, bytes.length, manifest.annotations()), bytes);
        }
    }

    /// What ocicrypt does with private options: as JSON to the provider, and its annotation in base64 to the layer.
    private static String wrapped(byte[] privateOptions) {
        ObjectNode input = JSON.createObjectNode().put("op", "keywrap");
        ObjectNode wrapping = input.putObject("keywrapparams");
        wrapping.putObject("ec")
                .putObject("Parameters")
                .putArray("attestation-agent")
                .add(base64(("keyid=" + KEY_ID).getBytes(StandardCharsets.UTF_8)));
        wrapping.put("optsdata", base64(privateOptions));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", mesh.mesh.keyProviderPort())
                .usePlaintext()
                .build();
        try {
            byte[] output = KeyProviderServiceGrpc.newBlockingStub(channel)
                    .wrapKey(KeyProviderKeyWrapProtocolInput.newBuilder()
                            .setKeyProviderKeyWrapProtocolInput(ByteString.copyFrom(JSON.writeValueAsBytes(input)))
                            .build())
                    .getKeyProviderKeyWrapProtocolOutput()
                    .toByteArray();
            ArrayNode numbers = (ArrayNode) JSON.readTree(output).at("/keywrapresults/annotation");
            byte[] annotation = new byte[numbers.size()];
            for (int i = 0; i < annotation.length; i++) {
                annotation[i] = (byte) numbers.get(i).intValue();
            }
            return base64(annotation);
        } finally {
            channel.shutdownNow();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
