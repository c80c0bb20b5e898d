// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.oci.signature.SigningKey;
import dev.realmesh.oci.signature.SimpleSigning;
import dev.realmesh.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh image` between folders and a real registry.
class ImageCommandTest {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String PLAIN = "oci:" + Vectors.path("coco/images/plain-gzip");
    private static final String PUBLIC_KEY = "jwe:" + Vectors.path("coco/images/keys/ec1-pub.pem");

    @TempDir
    private static Path folder;

    private static TestMesh mesh;
    private static Path key;

    @BeforeAll
    static void start() throws IOException {
        mesh = new TestMesh(folder.resolve("state"));
        key = Files.write(folder.resolve("image.key"), new byte[32]);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @Test
    void encryptsFromAFolderIntoTheRegistry() {
        String target = mesh.registry() + "/app:1";
        String digest = only(image("encrypt", PLAIN, target, "--key", "kbs:///a/b/c=" + key));
        assertThat(digest).matches(DIGEST);

        assertThat(image("inspect", target).done().lines())
                .satisfiesExactly(
                        manifest -> assertThat(manifest).matches("manifest +" + digest + "  [\\d,]+ bytes"),
                        config -> assertThat(config).matches("config +" + DIGEST + "  [\\d,]+ bytes"),
                        layer -> assertThat(layer).matches("layer +" + DIGEST + "  [\\d,]+ bytes  encrypted"),
                        layer -> assertThat(layer).matches("layer +" + DIGEST + "  [\\d,]+ bytes  encrypted"));
    }

    @Test
    void encryptsForSeveralRecipients() {
        String target = "oci:" + folder.resolve("several") + ":v1";
        image(
                        "encrypt",
                        PLAIN,
                        target,
                        "--recipient",
                        PUBLIC_KEY,
                        "--recipient",
                        "pkcs7:" + Vectors.path("coco/images/keys/rsa1-cert.pem"),
                        "--key",
                        "kbs:///a/b/c=" + key)
                .done();
        assertThat(image("inspect", target, "--json").done().out())
                .contains("\"encrypted\":true", "tar+gzip+encrypted")
                .doesNotContain("\"encrypted\":false");
    }

    @Test
    void encryptsSomeLayersAlone() {
        String target = mesh.registry() + "/some:1";
        image("encrypt", PLAIN, target, "--recipient", PUBLIC_KEY, "--encrypt-layer", "-1")
                .done();
        assertThat(image("inspect", target).done().lines().subList(2, 4))
                .satisfiesExactly(
                        layer -> assertThat(layer).endsWith("plain"),
                        layer -> assertThat(layer).endsWith("encrypted"));

        image("encrypt", PLAIN, target, "--recipient", PUBLIC_KEY, "--encrypt-layer", "0", "--encrypt-layer=2")
                .failed("layer to encrypt: 2 (expected: 0 to 1");
    }

    @Test
    void copiesAsItIsBothWays() {
        String registry = mesh.registry() + "/copy:1";
        String back = "oci:" + folder.resolve("back") + ":1";
        String digest = only(image("push", PLAIN, registry));
        assertThat(only(image("pull", registry, back))).isEqualTo(digest);
        assertThat(only(image("push", back, registry, "--json"))).isEqualTo("{\"digest\":\"" + digest + "\"}");
        assertThat(image("inspect", "docker://" + registry, "--json").done().out())
                .contains("\"manifest\":{\"digest\":\"" + digest, "\"encrypted\":false");
    }

    @Test
    void referenceWithoutRegistryIsOfTheNamedMesh() {
        image("push", PLAIN, "short:1", "--endpoint", "http://" + mesh.registry())
                .done();
        image("inspect", mesh.registry() + "/short:1").done();
        image("inspect", "short:1", "--registry", mesh.registry()).done();
    }

    @Test
    void saysWhichImageIsNotThere() {
        image("inspect", mesh.registry() + "/absent:1").failed("/absent/manifests/1 is not there");
        image("inspect", "oci:" + folder.resolve("absent")).failed("absent");
        image("push", "oci:" + Vectors.path("coco/images/plain-gzip") + ":no-such-name", mesh.registry() + "/app:2")
                .failed("no-such-name");
    }

    @Test
    void saysThatNoRegistryAnswers() {
        image("push", PLAIN, "127.0.0.1:1/app:1").failed("http://127.0.0.1:1/", "nobody answers there");
    }

    @Test
    void refusesKeysThatCannotBeUsed() throws IOException {
        Path shortKey = Files.write(folder.resolve("short.key"), new byte[16]);
        String target = "oci:" + folder.resolve("never");
        image("encrypt", PLAIN, target, "--key", "kbs:///a/b/c=" + shortKey)
                .failed("short.key: 16 bytes (expected: 32)");
        image("encrypt", PLAIN, target, "--recipient", "jwe:" + key).failed("image.key: PEM: ");
        image("encrypt", PLAIN, target, "--recipient", "pkcs7:" + key).failed("image.key: certificate: ");
        image("encrypt", PLAIN, target, "--key", "a/b=" + key).wrongUse("kbs:///repository/type/tag");
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    void signsAndVerifies() throws Exception {
        String target = mesh.registry() + "/signed:1";
        String digest = only(image("push", PLAIN, target));
        KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path privateKey = pem("owner.pem", "PRIVATE KEY", owner.getPrivate());
        Path publicKey = pem("owner.pub", "PUBLIC KEY", owner.getPublic());
        Path other = pem(
                "other.pub",
                "PUBLIC KEY",
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        image("verify", target, "--key", publicKey.toString()).failed("no signature");

        assertThat(only(image("sign", target, "--key", privateKey.toString()))).isEqualTo(digest);
        image("sign", target, "--key", privateKey.toString(), "--as", "registry.example/app")
                .done();

        assertThat(only(image("verify", target, "--key", publicKey.toString()))).isEqualTo(digest);
        image("verify", target, "--key", other.toString()).failed("no signature by the asked key");
        image(
                        "verify",
                        target,
                        "--policy",
                        policy(publicKey, "registry.example/app").toString())
                .done();
        image(
                        "verify",
                        target,
                        "--policy",
                        policy(publicKey, "registry.example/another").toString())
                .failed("signed as registry.example/app");
        image("sign", PLAIN, "--key", privateKey.toString()).wrongUse("oci:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag", "referrer", "bundle"})
    void keepsSignaturesInEachForm(String form) throws Exception {
        String target = mesh.registry() + "/by-" + form + ":1";
        String digest = only(image("push", PLAIN, target));
        KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path privateKey = pem(form + ".pem", "PRIVATE KEY", owner.getPrivate());
        Path publicKey = pem(form + ".pub", "PUBLIC KEY", owner.getPublic());

        image("sign", target, "--key", privateKey.toString(), "--form", form).done();
        image("sign", target, "--key", privateKey.toString(), "--form", form).done();

        assertThat(only(image("verify", target, "--key", publicKey.toString()))).isEqualTo(digest);
        image("sign", target, "--key", privateKey.toString(), "--form", "bundle", "--as", "registry.example/app")
                .wrongUse("--as");
        image("sign", target, "--key", privateKey.toString(), "--form", "letter")
                .wrongUse("TAG, REFERRER, BUNDLE");
    }

    /// As cosign's `--registry-referrers-mode=oci-1-1` puts them there.
    @Test
    void verifiesSignaturesThatNameTheirSubject() throws Exception {
        String target = mesh.registry() + "/referred:1";
        OciDigest digest = OciDigest.parse(only(image("push", PLAIN, target)));
        KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path privateKey = pem("referring.pem", "PRIVATE KEY", owner.getPrivate());
        Path publicKey = pem("referring.pub", "PUBLIC KEY", owner.getPublic());
        CosignSignature signature = SigningKey.parse(Files.readString(privateKey))
                .sign(new SimpleSigning(mesh.registry() + "/referred", digest));
        image("verify", target, "--key", publicKey.toString()).failed("no signature");

        refer(Reference.parse(target), OciDigest.of(new byte[1]), signature);
        image("verify", target, "--key", publicKey.toString()).failed("no signature");
        refer(Reference.parse(target), digest, signature);
        assertThat(only(image("verify", target, "--key", publicKey.toString()))).isEqualTo(digest.toString());
    }

    private static void refer(Reference image, OciDigest subject, CosignSignature signature) throws IOException {
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> signed =
                Map.of("dev.cosignproject.cosign/signature", Base64.getEncoder().encodeToString(signature.signature()));
        byte[] manifest = new JsonMapper()
                .writeValueAsBytes(Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        MediaTypes.OCI_MANIFEST,
                        "config",
                        descriptor("application/vnd.dev.cosign.artifact.sig.v1+json", config, Map.of()),
                        "layers",
                        List.of(descriptor(SignatureImage.LAYER, signature.payload(), signed)),
                        "subject",
                        Map.of("mediaType", MediaTypes.OCI_MANIFEST, "digest", subject.toString(), "size", 1)));
        try (RegistryClient client = new RegistryClient(Set.of(image.registry()), InstantSource.system())) {
            ImageSink sink = client.sink(image.with(new Reference.Tag("about-" + subject.hex())));
            sink.putBlob(described(MediaTypes.OCI_CONFIG, config), new ByteArrayInputStream(config));
            sink.putBlob(
                    described(SignatureImage.LAYER, signature.payload()),
                    new ByteArrayInputStream(signature.payload()));
            sink.putManifest(described(MediaTypes.OCI_MANIFEST, manifest), manifest);
        }
    }

    private static Descriptor described(String mediaType, byte[] content) {
        return new Descriptor(mediaType, OciDigest.of(content), content.length, Map.of());
    }

    private static Map<String, Object> descriptor(String mediaType, byte[] content, Map<String, String> annotations) {
        return Map.of(
                "mediaType",
                mediaType,
                "digest",
                OciDigest.of(content).toString(),
                "size",
                content.length,
                "annotations",
                annotations);
    }

    @Test
    void logsInWithTheNamedFileOrThatOfTheEnvironment() throws IOException {
        Path htpasswd = Files.writeString(
                folder.resolve("htpasswd"), "me:$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga\n");
        ImageServiceConfig config = ImageServiceConfig.local(
                folder.resolve("with-accounts"), Map.of("registry-accounts", htpasswd.toString()));
        try (ImageService service = ImageService.open(config, InstantSource.system())) {
            String registry = "127.0.0.1:" + service.registryPort();
            Path home = Files.createDirectories(folder.resolve("home/.docker"));
            Path file = Files.writeString(
                    home.resolve("config.json"),
                    "{\"auths\":{\"" + registry + "\":{\"auth\":\""
                            + Base64.getEncoder().encodeToString("me:allmine".getBytes(StandardCharsets.UTF_8))
                            + "\"}}}");
            String target = registry + "/app:1";
            image("push", PLAIN, target).failed("answers 401", "a login in an auth file");
            image("push", PLAIN, target, "--authfile", file + "x").failed("config.jsonx: cannot be read");

            image("push", PLAIN, target, "--authfile", file.toString()).done();
            imageWith(Map.of("REGISTRY_AUTH_FILE", file.toString()), "inspect", target)
                    .done();
            imageWith(Map.of("HOME", folder.resolve("home").toString()), "inspect", target)
                    .done();
            imageWith(Map.of("DOCKER_CONFIG", home.toString()), "inspect", target)
                    .done();
            imageWith(Map.of("XDG_RUNTIME_DIR", home.toString()), "inspect", target)
                    .failed("answers 401");
        }
    }

    private static Path pem(String name, String type, Key content) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content.getEncoded())
                        + "\n-----END " + type + "-----\n");
    }

    private static Path policy(Path publicKey, String name) throws IOException {
        return Files.writeString(
                folder.resolve("policy.json"),
                "{\"default\":[{\"type\":\"sigstoreSigned\",\"keyPath\":\"" + publicKey
                        + "\",\"signedIdentity\":{\"type\":\"exactRepository\",\"dockerRepository\":\"" + name
                        + "\"}}]}");
    }

    private static String only(Outcome outcome) {
        assertThat(outcome.done().lines()).hasSize(1);
        return outcome.lines().getFirst();
    }

    private static Outcome image(String... arguments) {
        return imageWith(Map.of("REALMESH_STATE", folder.toString()), arguments);
    }

    private static Outcome imageWith(Map<String, String> environment, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "image";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Outcome.of(environment, all);
    }
}
