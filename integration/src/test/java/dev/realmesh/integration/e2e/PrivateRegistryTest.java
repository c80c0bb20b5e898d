// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.KEY;
import static dev.realmesh.integration.e2e.MeshFixture.KEY_PATH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cli.mesh.EmbeddedMeshConfig;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.image.encryption.EncryptImage;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.PrivateRegistries;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.crypt.Recipient;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Realm pulls from a registry by a login that key-broker gave it: its host, which carries every byte, learns nothing
/// of it.
@Timeout(180)
class PrivateRegistryTest {
    private static final String NAME = "team/app:1";
    private static final String CREDENTIALS = "default/registry-credential/team";

    @TempDir
    private static Path folder;

    private static TlsRegistry registry;
    private static MeshFixture<MeshOfParts> mesh;

    @BeforeAll
    static void start() throws Exception {
        registry = new TlsRegistry(folder.resolve("registry"));
        mesh = MeshFixture.start(
                folder, MeshFixture.guestImage(), config -> new MeshOfParts(connecting(config, registry.host())));
        Recipient recipient = new Recipient.KeyBroker("kbs:///" + KEY_PATH, new SecretKeySpec(KEY, "AES"));
        OciLayout plain = OciLayout.open(folder.resolve("plain"));
        registry.push(NAME, sink -> {
            var unused = new EncryptImage(List.of(recipient), new SecureRandom())
                    .copy(plain, plain.image("1"), Platform.current(), sink);
        });
        mesh.putSecret(CREDENTIALS, auths(registry.host() + "/team", TlsRegistry.PASSWORD));
    }

    @AfterAll
    static void stop() throws IOException {
        mesh.close();
        registry.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.mesh.interloper.repent();
        mesh.assertNothingIsLeft();
    }

    @Test
    void hostCarriesThePullAndLearnsNothingOfTheLogin() throws Exception {
        mesh.mesh.interloper.listens(ImageServiceGrpc.getConnectMethod());

        Outcome run = run(CREDENTIALS, List.of(registry.certificate()));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(GREETING);
        String carried = new String(mesh.mesh.interloper.heard(), StandardCharsets.ISO_8859_1);
        assertThat(carried)
                .as("what the host carried")
                .hasSizeGreaterThan(100_000)
                .contains("127.0.0.1")
                .doesNotContain(TlsRegistry.PASSWORD)
                .doesNotContain(TlsRegistry.login(TlsRegistry.PASSWORD))
                .doesNotContainIgnoringCase("authorization")
                .doesNotContain("/v2/");
    }

    @Test
    void withoutTheLoginTheHostIsAskedAndRefuses() {
        mesh.realmesh("run", image())
                .failed("registry: " + registry.host() + " (expected: one of upstream-registries)");
    }

    @Test
    void wrongLoginIsRefusedAndNotTold() throws Exception {
        mesh.putSecret("default/registry-credential/wrong", auths(registry.host(), "wrong-one"));

        Outcome run = run("default/registry-credential/wrong", List.of(registry.certificate()));

        run.failed(
                "logins of kbs:///default/registry-credential/wrong: registry: https://" + registry.host(),
                "answers 401 to the auth file's login for " + registry.host());
        assertThat(run.err()).doesNotContain("wrong-one").doesNotContain(TlsRegistry.login("wrong-one"));
    }

    @Test
    void registryThatCannotProveItselfSeesNothing() throws IOException {
        int before = registry.handshakes();

        run(CREDENTIALS, List.of()).failed(registry.host(), "see extra-root-certificates in the Realm's initdata");

        assertThat(registry.handshakes()).isEqualTo(before);
    }

    @Test
    void operatorSaysWhereRealmsMayGo() throws Exception {
        mesh.putSecret("default/registry-credential/elsewhere", auths("127.0.0.1:1", TlsRegistry.PASSWORD));

        Outcome run = run("default/registry-credential/elsewhere", List.of(), "127.0.0.1:1/" + NAME);

        run.failed("connect: 127.0.0.1:1 (expected: a host that image-service's connect-hosts names)");
    }

    @Test
    void documentThatIsNoneIsToldByItsName() throws Exception {
        mesh.putSecret("default/registry-credential/broken", "broken".getBytes(StandardCharsets.UTF_8));

        run("default/registry-credential/broken", List.of())
                .failed("auth file kbs:///default/registry-credential/broken: not readable (expected: JSON");
    }

    @Test
    void documentThatKeyBrokerHasNotIsToldByItsName() throws IOException {
        run("default/registry-credential/none", List.of()).failed("default/registry-credential/none");
    }

    private static Outcome run(String credentials, List<String> roots) throws IOException {
        return run(credentials, roots, image());
    }

    private static Outcome run(String credentials, List<String> roots, String image) throws IOException {
        RealmSettings usual = RealmSettings.in(Initdata.parse(Files.readAllBytes(mesh.config.initdata())));
        RealmSettings settings =
                usual.with(new PrivateRegistries(Optional.of(ResourceUri.parse("kbs:///" + credentials)), roots));
        Path initdata = folder.resolve("initdata-private.toml");
        Files.write(initdata, settings.toInitdata().toBytes());
        return mesh.realmesh("run", "--initdata", initdata.toString(), image);
    }

    private static String image() {
        return registry.host() + "/" + NAME;
    }

    private static byte[] auths(String place, String password) {
        return ("{\"auths\":{\"" + place + "\":{\"auth\":\"" + TlsRegistry.login(password) + "\"}}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static EmbeddedMeshConfig connecting(EmbeddedMeshConfig config, String host) {
        return config.with(ImageServiceConfig.local(config.images().store(), Map.of("connect-hosts", host)));
    }
}
