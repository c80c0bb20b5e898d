// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.registry.Backoff;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.CopyImage;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.oci.registry.RegistryClientException;
import dev.realmesh.oci.registry.Route;
import dev.realmesh.proto.image.v1.GetManifestRequest;
import dev.realmesh.testkit.TlsIdentity;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A registry with a certificate, and clients that believe it or do not.
@Timeout(180)
class RegistryTlsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private static Path pki;

    /// What a client is to believe; the folder has nothing else, as skopeo wants it.
    private static Path trust;

    private static Path otherTrust;

    @TempDir
    Path folder;

    private ImageServiceUnderTest service;
    private OciLayout source;

    @BeforeAll
    static void identify() throws Exception {
        TlsIdentity identity = TlsIdentity.make(pki.resolve("server.p12"));
        Files.writeString(pki.resolve("server.key"), identity.privateKey());
        trust = Files.writeString(
                Files.createDirectory(pki.resolve("trust")).resolve("ca.crt"), identity.certificate());
        TlsIdentity other = TlsIdentity.make(pki.resolve("other.p12"));
        otherTrust =
                Files.writeString(Files.createDirectory(pki.resolve("other")).resolve("ca.crt"), other.certificate());
        Path client = Files.createDirectory(pki.resolve("client"));
        Files.writeString(client.resolve("ca.crt"), identity.certificate());
        Files.writeString(client.resolve("client.cert"), other.certificate());
        Files.writeString(client.resolve("client.key"), other.privateKey());
    }

    @BeforeEach
    void start() throws IOException {
        service = new ImageServiceUnderTest(
                ImageServiceConfig.local(
                        folder.resolve("store"),
                        Map.of(
                                "registry-tls.certificate", trust.toString(),
                                "registry-tls.key", pki.resolve("server.key").toString())),
                CLOCK);
        source = OciLayout.open(Vectors.path("coco/images/jwe-gzip").toRealPath());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void ourClientPushesAndPulls() throws IOException {
        Reference image = service.image("app:v1");
        try (RegistryClient client = client(Route.believing(trust))) {
            CopyImage.copy(source, source.image(""), client.sink(image));

            assertThat(client.manifest(image).digest())
                    .isEqualTo(source.image("").digest());
        }
    }

    /// By the places that the registry gives for uploads.
    @Test
    void ourClientPushesWhatIsWrittenMeanwhile() throws IOException {
        byte[] layer = new byte[40 << 20];
        new Random(1).nextBytes(layer);
        Descriptor blob = new Descriptor("application/octet-stream", OciDigest.of(layer), layer.length, Map.of());
        Reference image = service.image("app:v1");
        try (RegistryClient client = client(Route.believing(trust))) {
            ImageSink sink = client.sink(image);
            assertThat(sink.putBlob(out -> {
                        out.write(layer);
                        return blob;
                    }))
                    .isEqualTo(blob);

            try (InputStream back = client.blob(image, blob.digest())) {
                assertThat(back.readAllBytes()).isEqualTo(layer);
            }
        }
    }

    @Test
    void skopeoPushesAndPullsAndBelievesNoOther() throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        String from = "oci:" + Vectors.path("coco/images/jwe-gzip").toRealPath() + ":latest";
        String remote = "docker://" + service.image("app:v1");
        String back = "oci:" + folder.resolve("back") + ":latest";
        String known = trust.getParent().toString();

        assertThat(Skopeo.run("--dest-cert-dir", otherTrust.getParent().toString(), from, remote))
                .isNotZero();
        Skopeo.copy("--preserve-digests", "--dest-cert-dir", known, from, remote);
        Skopeo.copy("--preserve-digests", "--src-cert-dir", known, remote, back);

        assertThat(OciLayout.open(folder.resolve("back")).image("").digest())
                .isEqualTo(source.image("").digest());
    }

    @Test
    void skopeoIsLetInByItsCertificate() throws IOException, InterruptedException {
        Skopeo.assumeInstalled();
        String from = "oci:" + Vectors.path("coco/images/jwe-gzip").toRealPath() + ":latest";
        Map<String, String> settings = Map.of(
                "registry-tls.certificate", trust.toString(),
                "registry-tls.key", pki.resolve("server.key").toString(),
                "registry-tls.client-trust", otherTrust.toString());
        try (ImageServiceUnderTest choosy = new ImageServiceUnderTest(other(settings), CLOCK)) {
            String remote = "docker://" + choosy.image("app:v1");

            assertThat(Skopeo.run("--dest-cert-dir", trust.getParent().toString(), from, remote))
                    .isNotZero();
            Skopeo.copy(
                    "--preserve-digests",
                    "--dest-cert-dir",
                    pki.resolve("client").toString(),
                    from,
                    remote);

            GetManifestRequest request =
                    GetManifestRequest.newBuilder().setReference("app:v1").build();
            assertThat(choosy.calls().getManifest(request).getDigest())
                    .isEqualTo(source.image("").digest().toString());
        }
    }

    @Test
    void otherCertificatesAreNotBelieved() throws IOException {
        for (Route route : new Route[] {Route.DIRECT, Route.believing(otherTrust)}) {
            try (RegistryClient client = client(route)) {
                assertThatThrownBy(() -> CopyImage.copy(source, source.image(""), client.sink(service.image("app:v1"))))
                        .isInstanceOf(RegistryClientException.Unavailable.class)
                        .hasMessageContaining("is not reached, TLS fails, ")
                        .hasMessageEndingWith("(expected: TLS, with a certificate that is trusted here)");
            }
        }
        assertNothingWasPushed();
    }

    @Test
    void plainClientsGetNothingAndDoNoHarm() throws IOException {
        Reference image = service.image("app:v1");
        ClientOptions plain = ClientOptions.of(Set.of(image.registry())).withBackoff(Backoff.of(1));
        try (RegistryClient client = new RegistryClient(plain, CLOCK)) {
            assertThatThrownBy(() -> CopyImage.copy(source, source.image(""), client.sink(image)))
                    .isInstanceOf(RegistryClientException.Unavailable.class);
        }
        int port = Integer.parseInt(image.registry().split(":", -1)[1]);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP/1.1 2", "registry/2.0");
        }
        assertNothingWasPushed();
        ourClientPushesAndPulls();
    }

    @Test
    void anotherServicePullsThroughIfItBelievesIt() throws IOException {
        ourClientPushesAndPulls();
        Map<String, String> asking =
                Map.of("upstream-registries", service.image("app").registry(), "upstream-attempts", "1");
        Map<String, String> believing = new HashMap<>(asking);
        believing.put("upstream-trust", trust.toString());
        GetManifestRequest request = GetManifestRequest.newBuilder()
                .setReference(service.image("app:v1").toString())
                .build();

        try (ImageServiceUnderTest doubting = new ImageServiceUnderTest(other(asking), CLOCK)) {
            assertThat(ImageServiceUnderTest.refusal(
                            Status.Code.UNAVAILABLE, () -> doubting.calls().getManifest(request)))
                    .contains("unable to find valid certification path");
        }
        try (ImageServiceUnderTest named = new ImageServiceUnderTest(other(believing), CLOCK)) {
            assertThat(named.calls().getManifest(request).getDigest())
                    .isEqualTo(source.image("").digest().toString());
        }
    }

    @Test
    void doesNotStartWithFilesThatAreNone() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken"), "broken");
        Map<String, String> withoutKey = Map.of(
                "registry-tls.certificate", trust.toString(), "registry-tls.key", folder.resolve("none") + ".key");

        assertThatThrownBy(() -> ImageService.open(other(Map.of("upstream-trust", broken.toString())), CLOCK))
                .hasMessage("image service: cannot start, cannot use " + broken + " (expected: certificates in PEM)");
        assertThatThrownBy(() -> ImageService.open(other(withoutKey), CLOCK))
                .hasMessageContaining("image service: cannot start, registry API: cannot listen on")
                .hasMessageContaining("none.key");
        ImageService.open(other(Map.of()), CLOCK).close();
    }

    private ImageServiceConfig other(Map<String, String> settings) {
        return ImageServiceConfig.local(folder.resolve("other"), settings);
    }

    private static RegistryClient client(Route route) {
        return new RegistryClient(ClientOptions.of(Set.of()).withRoute(route), CLOCK);
    }

    private void assertNothingWasPushed() {
        ImageServiceUnderTest.refusal(
                Status.Code.NOT_FOUND,
                () -> service.calls()
                        .getManifest(GetManifestRequest.newBuilder()
                                .setReference("app:v1")
                                .build()));
    }
}
