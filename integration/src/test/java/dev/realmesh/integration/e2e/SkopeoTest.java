// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With skopeo, where it is installed: a Realm runs what skopeo encrypted and pushed, and skopeo opens what was
/// encrypted
/// here.
class SkopeoTest {
    private static final String KEY_PATH = "default/image-key/skopeo";

    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;
    private static Program skopeo;

    @BeforeAll
    static void start() throws Exception {
        skopeo = new Program("skopeo", folder);
        skopeo.assumeInstalled();
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        writePem("public.pem", "PUBLIC KEY", keys.getPublic());
        writePem("private.pem", "PRIVATE KEY", keys.getPrivate());
        mesh.putSecret(KEY_PATH, Files.readAllBytes(folder.resolve("private.pem")));
    }

    @AfterAll
    static void stop() {
        if (mesh != null) {
            mesh.close();
        }
    }

    @Test
    void realmRunsWhatSkopeoEncrypted() throws Exception {
        skopeo.call(
                "copy",
                "--dest-tls-verify=false",
                "--encryption-key",
                "jwe:" + folder.resolve("public.pem"),
                "oci:" + folder.resolve("plain") + ":1",
                "docker://" + mesh.registry() + "/skopeo:1");

        Outcome run = mesh.realmesh(
                "run",
                "--decryption-key",
                "kbs:///" + KEY_PATH,
                "skopeo:1",
                "--",
                "sh",
                "-c",
                "cat /etc/greeting; exit 3");

        assertThat(run.out()).contains(MeshFixture.GREETING);
        assertThat(run.exitCode()).isEqualTo(3);
    }

    /// The key's resource may hold its certificate too, as skopeo wants both.
    @Test
    void realmRunsWhatSkopeoEncryptedForACertificate() throws Exception {
        Path keys = Vectors.path("coco/images/keys").toRealPath();
        String bundle =
                Files.readString(keys.resolve("rsa1-cert.pem")) + Files.readString(keys.resolve("rsa1-priv.pem"));
        mesh.putSecret("default/image-key/certified", bundle.getBytes(StandardCharsets.US_ASCII));
        skopeo.call(
                "copy",
                "--dest-tls-verify=false",
                "--encryption-key",
                "pkcs7:" + keys.resolve("rsa1-cert.pem"),
                "oci:" + folder.resolve("plain") + ":1",
                "docker://" + mesh.registry() + "/certified:1");

        Outcome run = mesh.realmesh("run", "--decryption-key", "kbs:///default/image-key/certified", "certified:1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains(MeshFixture.GREETING);
    }

    @Test
    void skopeoOpensWhatWasEncryptedHere() throws Exception {
        Outcome encrypted = mesh.realmesh(
                "image",
                "encrypt",
                "--recipient",
                "jwe:" + folder.resolve("public.pem"),
                "oci:" + folder.resolve("plain") + ":1",
                mesh.registry() + "/ours:1");
        assertThat(encrypted.exitCode()).as(encrypted.err()).isZero();

        skopeo.call(
                "copy",
                "--src-tls-verify=false",
                "--decryption-key",
                folder.resolve("private.pem").toString(),
                "docker://" + mesh.registry() + "/ours:1",
                "oci:" + folder.resolve("opened") + ":1");

        assertThat(blobs("opened")).containsAll(layers("plain"));
    }

    /// Nothing but the image's name is given to the Realm: the packet in the image says which key it wants.
    @Test
    void realmRunsWhatTheKeyProviderWrappedForSkopeo() throws Exception {
        Path providers = Files.writeString(
                folder.resolve("ocicrypt.json"),
                "{\"key-providers\":{\"attestation-agent\":{\"grpc\":\"127.0.0.1:%d\"}}}"
                        .formatted(mesh.mesh.keyProviderPort()));
        Outcome copy = skopeo.run(
                Map.of("OCICRYPT_KEYPROVIDER_CONFIG", providers.toString()),
                "copy",
                "--dest-tls-verify=false",
                "--encryption-key",
                "provider:attestation-agent:keyid=kbs:///default/image-kek/skopeo",
                "oci:" + folder.resolve("plain") + ":1",
                "docker://" + mesh.registry() + "/provided:1");
        assumeFalse(copy.out().contains("protocol not recognized"), "skopeo is too old for key providers");
        assertThat(copy.exitCode()).as(copy.out()).isZero();

        Outcome run = mesh.realmesh("run", "provided:1");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains(MeshFixture.GREETING);
    }

    /// Names of the blobs of a layout, which are their digests.
    private static List<String> blobs(String layout) throws IOException {
        return MeshFixture.files(folder.resolve(layout).resolve("blobs")).stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    /// The largest blob of the sample is its one layer.
    private static List<String> layers(String layout) throws IOException {
        return MeshFixture.files(folder.resolve(layout).resolve("blobs")).stream()
                .filter(file -> file.toFile().length() > 100_000)
                .map(file -> file.getFileName().toString())
                .toList();
    }

    private static void writePem(String name, String what, Key key) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        Files.writeString(
                folder.resolve(name), "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what));
    }
}
