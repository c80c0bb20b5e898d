// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.RealmSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With cosign, where it is installed: a Realm takes what cosign signed, and cosign takes what was signed here.
@Timeout(180)
class CosignTest {
    private static final String KEY_PATH = "default/cosign-public-key/owner";
    private static final String POLICY_PATH = "default/security-policy/signed";
    private static final String POLICY = """
            {"default": [{"type": "reject"}],
             "transports": {"docker": {"%s": [{"type": "sigstoreSigned", "keyPath": "kbs:///%s"}]}}}""";

    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;
    private static Program cosign;
    private static String initdata;

    @BeforeAll
    static void start() throws Exception {
        cosign = new Program("cosign", folder);
        cosign.assumeInstalled();
        mesh = MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded);
        generateKeyPair("owner");
        generateKeyPair("stranger");
        mesh.putSecret(KEY_PATH, Files.readAllBytes(folder.resolve("owner.pub")));
        mesh.putSecret(POLICY_PATH, POLICY.formatted("signed", KEY_PATH).getBytes(StandardCharsets.UTF_8));
        initdata = mesh.initdata(usual -> new RealmSettings(
                usual.keyBrokerIdentity(),
                new ImagePolicy(true, List.of(), List.of(), Optional.of("kbs:///" + POLICY_PATH)),
                usual.agentPolicy()));
    }

    @AfterAll
    static void stop() {
        if (mesh != null) {
            mesh.close();
        }
    }

    @Test
    void realmRunsWhatTheOwnerSignedAlone() throws Exception {
        String image = image("signed/by-tag");
        run("signed/by-tag").failed("no signature by the asked key");

        sign("stranger", image);
        run("signed/by-tag").failed("no signature by the asked key");

        sign("owner", image);
        assertThat(run("signed/by-tag").succeeded()).contains(GREETING);
    }

    @Test
    void realmFindsSignaturesThatReferToTheImage() throws Exception {
        String image = image("signed/by-referrer");

        sign("owner", image, "--registry-referrers-mode=oci-1-1");

        assertThat(run("signed/by-referrer").succeeded()).contains(GREETING);
        mesh.realmesh("image", "verify", "--key", folder.resolve("owner.pub").toString(), image)
                .succeeded();
        mesh.realmesh("image", "verify", "--key", folder.resolve("stranger.pub").toString(), image)
                .failed("no signature by the asked key");
    }

    @Test
    void realmTakesBundlesAndNoAttestationsForSignatures() throws Exception {
        String image = image("signed/by-bundle");
        Path predicate = Files.writeString(folder.resolve("predicate.json"), "{}");
        List<String> attest = new ArrayList<>(List.of("attest", "--yes", "--key", "owner.key"));
        attest.addAll(List.of("--type", "custom", "--predicate", predicate.toString()));
        attest.addAll(List.of("--tlog-upload=false", "--use-signing-config=false", "--new-bundle-format"));
        attest.addAll(List.of("--allow-http-registry", image));
        cosign(attest.toArray(String[]::new)).succeeded();
        run("signed/by-bundle").failed("no signature by the asked key");

        sign("owner", image, "--new-bundle-format");

        assertThat(run("signed/by-bundle").succeeded()).contains(GREETING);
        mesh.realmesh("image", "verify", "--key", folder.resolve("owner.pub").toString(), image)
                .succeeded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag", "referrer", "bundle"})
    void cosignVerifiesWhatWasSignedHere(String form) throws Exception {
        String image = image("signed/here-" + form);
        Path key = folder.resolve(form + ".pem");
        Program openssl = new Program("openssl", folder);
        openssl.call("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key.toString());
        openssl.call("pkey", "-in", key.toString(), "-pubout", "-out", form + ".pub");

        mesh.realmesh("image", "sign", "--key", key.toString(), "--form", form, image)
                .succeeded();

        assertThat(verify(form, image, form).succeeded()).isNotEmpty();
        assertThat(verify("stranger", image, form).exitCode()).isNotZero();
    }

    /// An encrypted image of our registry.
    private static String image(String repository) throws IOException {
        String digest = mesh.encrypt(
                "oci:" + folder.resolve("plain"), MeshFixture.KEY_PATH, MeshFixture.KEY, repository + ":1");
        return mesh.registry() + "/" + repository + "@" + digest;
    }

    private static Outcome run(String repository) {
        return mesh.realmesh("run", "--initdata", initdata, repository + ":1");
    }

    private static void generateKeyPair(String name) throws IOException, InterruptedException {
        cosign("generate-key-pair", "--output-key-prefix", name).succeeded();
    }

    private static void sign(String key, String image, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sign", "--yes", "--tlog-upload=false", "--key", key + ".key"));
        words.addAll(List.of("--use-signing-config=false", "--new-bundle-format=false", "--allow-http-registry"));
        words.addAll(List.of(options));
        words.add(image);
        cosign(words.toArray(String[]::new)).succeeded();
    }

    /// Logs and certificates are not asked for, so that no roots of them need be trusted.
    private static Outcome verify(String key, String image, String form) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("verify", "--key", key + ".pub", "--allow-http-registry"));
        words.add("--insecure-ignore-tlog=true");
        if (form.equals("bundle")) {
            Path noRoots = folder.resolve("roots.json");
            Files.writeString(noRoots, "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"}");
            words.addAll(List.of("--new-bundle-format", "--trusted-root", noRoots.toString()));
        } else {
            words.addAll(List.of("--new-bundle-format=false", "--experimental-oci11=" + form.equals("referrer")));
        }
        words.add(image);
        return cosign(words.toArray(String[]::new));
    }

    private static Outcome cosign(String... arguments) throws IOException, InterruptedException {
        return cosign.run(Map.of("COSIGN_PASSWORD", "", "COSIGN_EXPERIMENTAL", "1"), arguments);
    }
}
