// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.registry.AuthFiles;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.CopyImage;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.oci.registry.RegistryClientException;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetManifestRequest;
import dev.realmesh.proto.image.v1.GetManifestResponse;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry with accounts, its clients with auth files, and the mesh, which needs none.
class RegistryAccountsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    /// Of the password "allmine": golang.org/x/crypto/bcrypt.
    private static final String ACCOUNT = "me:$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga\n";

    @TempDir
    Path folder;

    private ImageServiceUnderTest service;
    private Path layout;
    private Path authFile;
    private Path wrongAuthFile;

    @BeforeEach
    void start() throws IOException {
        Path htpasswd = Files.writeString(folder.resolve("htpasswd"), ACCOUNT);
        service = new ImageServiceUnderTest(
                ImageServiceConfig.local(folder.resolve("store"), Map.of("registry-accounts", htpasswd.toString())),
                CLOCK);
        layout = Vectors.path("coco/images/jwe-gzip").toRealPath();
        authFile = authFile("auth.json", "me:allmine");
        wrongAuthFile = authFile("wrong.json", "me:other");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void ourClientPushesAndTheMeshPulls() throws IOException {
        OciLayout source = OciLayout.open(layout);
        Reference image = service.image("app:v1");
        try (RegistryClient client = client(AuthFiles.of(authFile))) {
            CopyImage.copy(source, source.image(""), client.sink(image));
            assertThat(client.manifest(image).digest())
                    .isEqualTo(source.image("").digest());
        }

        GetManifestResponse manifest = service.calls()
                .getManifest(
                        GetManifestRequest.newBuilder().setReference("app:v1").build());
        String layer = Manifest.parse(manifest.getManifest().toByteArray())
                .layers()
                .getFirst()
                .digest()
                .toString();
        GetBlobRequest request = GetBlobRequest.newBuilder()
                .setReference("app:v1")
                .setDigest(layer)
                .build();
        assertThat(service.calls().getBlob(request)).toIterable().isNotEmpty();
    }

    @Test
    void ourClientPushesWhatIsWrittenMeanwhile() throws IOException {
        byte[] layer = new byte[40 << 20];
        new Random(1).nextBytes(layer);
        Descriptor blob = new Descriptor("application/octet-stream", OciDigest.of(layer), layer.length, Map.of());
        Reference image = service.image("app:v1");
        try (RegistryClient client = client(AuthFiles.of(authFile))) {
            ImageSink sink = client.sink(image);
            var pushed = sink.putBlob(out -> {
                out.write(layer);
                return blob;
            });

            assertThat(pushed).isEqualTo(blob);
            try (InputStream back = client.blob(image, blob.digest())) {
                assertThat(back.readAllBytes()).isEqualTo(layer);
            }
            assertThatThrownBy(() -> sink.putBlob(out -> {
                        out.write(layer, 0, 20 << 20);
                        throw new IOException("the source is gone");
                    }))
                    .hasMessage("the source is gone")
                    .hasNoSuppressedExceptions();
        }
        assertThat(folder.resolve("store/pending")).isEmptyDirectory();
    }

    @Test
    void ourClientIsRefusedWithoutTheLogin() throws IOException {
        OciLayout source = OciLayout.open(layout);
        for (AuthFiles logins : List.of(AuthFiles.NONE, AuthFiles.of(wrongAuthFile))) {
            try (RegistryClient client = client(logins)) {
                assertThatThrownBy(() -> CopyImage.copy(source, source.image(""), client.sink(service.image("app:v1"))))
                        .isInstanceOf(RegistryClientException.Denied.class);
                assertThatThrownBy(() -> client.manifest(service.image("app:v1")))
                        .isInstanceOf(RegistryClientException.Denied.class);
            }
        }
        ImageServiceUnderTest.refusal(
                Status.Code.NOT_FOUND,
                () -> service.calls()
                        .getManifest(GetManifestRequest.newBuilder()
                                .setReference("app:v1")
                                .build()));
    }

    @Test
    void skopeoPushesAndPullsWithTheLoginAndNotWithout() throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        String source = "oci:" + layout + ":latest";
        String remote = "docker://" + service.image("app:v1");
        String back = "oci:" + folder.resolve("back") + ":latest";

        assertThat(Skopeo.run("--dest-tls-verify=false", "--authfile", wrongAuthFile.toString(), source, remote))
                .isNotZero();
        Skopeo.copy("--preserve-digests", "--dest-tls-verify=false", "--authfile", authFile.toString(), source, remote);
        assertThat(Skopeo.run("--src-tls-verify=false", "--authfile", wrongAuthFile.toString(), remote, back))
                .isNotZero();
        Skopeo.copy("--preserve-digests", "--src-tls-verify=false", "--authfile", authFile.toString(), remote, back);

        assertThat(OciLayout.open(folder.resolve("back")).image("").digest())
                .isEqualTo(OciLayout.open(layout).image("").digest());
    }

    @Test
    void anotherServicePullsThroughWithItsAuthFile() throws IOException {
        OciLayout source = OciLayout.open(layout);
        try (RegistryClient client = client(AuthFiles.of(authFile))) {
            CopyImage.copy(source, source.image(""), client.sink(service.image("app:v1")));
        }
        Map<String, String> asking =
                ImageServiceUnderTest.asking(service.image("app").registry());
        Map<String, String> withLogins = new HashMap<>(asking);
        withLogins.put("auth-file", authFile.toString());
        GetManifestRequest request = GetManifestRequest.newBuilder()
                .setReference(service.image("app:v1").toString())
                .build();

        try (ImageServiceUnderTest anonymous = new ImageServiceUnderTest(other(asking), CLOCK)) {
            assertThat(ImageServiceUnderTest.refusal(
                            Status.Code.PERMISSION_DENIED,
                            () -> anonymous.calls().getManifest(request)))
                    .contains("a login in an auth file");
        }
        try (ImageServiceUnderTest named = new ImageServiceUnderTest(other(withLogins), CLOCK)) {
            assertThat(named.calls().getManifest(request).getDigest())
                    .isEqualTo(source.image("").digest().toString());
        }
    }

    @Test
    void doesNotStartWithFilesThatAreNone() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken"), "broken");
        assertThatThrownBy(() -> ImageService.open(other(Map.of("registry-accounts", broken.toString())), CLOCK))
                .hasMessageContaining("image service: cannot start, " + broken + ", line 1");
        assertThatThrownBy(() -> ImageService.open(other(Map.of("auth-file", broken.toString())), CLOCK))
                .hasMessageContaining("auth file " + broken + ": not readable");
        ImageService.open(other(Map.of()), CLOCK).close();
    }

    private ImageServiceConfig other(Map<String, String> settings) {
        return ImageServiceConfig.local(folder.resolve("other"), settings);
    }

    private RegistryClient client(AuthFiles logins) {
        Set<String> plainHttp = Set.of(service.image("app").registry());
        return new RegistryClient(ClientOptions.of(plainHttp).withLogins(logins), CLOCK);
    }

    private Path authFile(String name, String userAndPassword) throws IOException {
        String auth = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return Files.writeString(
                folder.resolve(name),
                "{\"auths\":{\"" + service.image("app").registry() + "\":{\"auth\":\"" + auth + "\"}}}");
    }
}
