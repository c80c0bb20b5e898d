// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.grpc.RealmFixture;
import dev.realmesh.realm.secret.SecretException;
import dev.realmesh.testkit.SmallDisk;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Images of the vectors, pulled over gRPC with keys from a broker that has real ones; each fault leaves nothing
/// behind.
@Timeout(60)
class PullImageTest {
    private static final String RSA_KEY = "default/image-key/rsa1";
    private static final String EC_KEY = "default/image-key/ec1";

    @TempDir
    Path folder;

    private final Map<Descriptor, List<Long>> progress = new ConcurrentHashMap<>();
    private RealmFixture realm;

    @AfterEach
    void stop() throws IOException {
        realm.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain-gzip",
                "plain-mixed",
                "plain-tar",
                "plain-zstd",
                "jwe-gzip",
                "jwe-ec",
                "jwe-lastonly",
                "jwe-tar",
                "jwe-zstd",
                "coco-gzip",
                "coco-tar",
                "coco-zstd"
            })
    void unpacksEveryKindOfImage(String vector) throws IOException {
        realm = offering(vector);

        PullReport report = pull("registry.example/app:1", RealmFixture.ANY_IMAGE);

        assertThat(report.unpacked().entries()).isPositive();
        assertThat(rootfs()).isDirectoryRecursivelyContaining("glob:**/tool");
        assertThat(progress.values())
                .allSatisfy(come -> assertThat(come).isSorted().doesNotHaveDuplicates());
        assertThat(progress).allSatisfy((layer, come) -> assertThat(come).last().isEqualTo(layer.size()));
        assertThat(progress.keySet().stream().mapToLong(Descriptor::size).sum()).isEqualTo(report.storedBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad-cipher",
                "bad-ciphertext",
                "bad-hmac",
                "no-hmac",
                "no-pubopts",
                "media-type-plain",
                "size-lie"
            })
    void refusesTamperedImage(String vector) throws IOException {
        realm = offering(vector);

        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(OciException.class);
        assertNothingLeft();
    }

    @Test
    void pullsByDigestAndRefusesAnotherManifest() throws IOException {
        realm = offering("coco-gzip");
        String digest = realm.images().digest();
        pull("app@" + digest, RealmFixture.ANY_IMAGE);

        realm.images()
                .alter(
                        digest,
                        manifest -> new String(manifest, StandardCharsets.UTF_8)
                                .replace("\"schemaVersion\":2", "\"schemaVersion\": 2")
                                .getBytes(StandardCharsets.UTF_8));
        for (String reference : List.of("app@" + digest, "app:latest")) {
            assertThatThrownBy(() -> realm.pull(RealmFixture.ANY_IMAGE).resolve(Reference.parse(reference)))
                    .isInstanceOf(OciException.DigestMismatch.class)
                    .hasMessageContaining(digest);
        }
    }

    @Test
    void refusesAlteredLayer() throws IOException {
        realm = offering("coco-tar");
        realm.images().alter(realm.images().layer(1), layer -> {
            layer[layer.length / 2] ^= 1;
            return layer;
        });

        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(OciException.DigestMismatch.class);
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300})
    void refusesTruncatedOrLongerLayer(int length) throws IOException {
        realm = offering("coco-gzip");
        realm.images().alter(realm.images().layer(0), layer -> Arrays.copyOf(layer, length));
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(OciException.SizeMismatch.class);

        realm.images().alter(realm.images().layer(0), layer -> Arrays.copyOf(layer, layer.length + 1 + length));
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(OciException.SizeMismatch.class);
        assertNothingLeft();
    }

    @Test
    void asksForNoLayerWhenAKeyIsRefused() throws IOException {
        realm = offering("coco-gzip");
        realm.broker().failRelease(Status.PERMISSION_DENIED.withDescription("RIM is not allowed"));

        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE))
                .isInstanceOf(BrokerException.Refused.class)
                .hasMessageContaining("RIM is not allowed");
        assertThat(realm.images().blobsAsked())
                .doesNotContain(realm.images().layer(0), realm.images().layer(1));
        assertNothingLeft();
    }

    @Test
    void refusesWrongKey() throws IOException {
        realm = offering("coco-gzip");
        realm.broker().holding("default/image-kek/shared-1", new byte[32]);
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(OciException.NoKeyFits.class);

        realm.broker().holding("default/image-kek/shared-1", new byte[31]);
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(OciException.class);
        assertNothingLeft();
    }

    @Test
    void believesNoKeyOfAHostInTheBrokersPlace() throws IOException {
        realm = offering("coco-gzip");
        realm.broker().signAsSomebodyElse();

        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(SecretException.NotFromBroker.class);
        assertNothingLeft();
    }

    @Test
    void admitsByPolicyBeforeAnythingIsAsked() throws IOException {
        realm = offering("jwe-lastonly");
        assertThatThrownBy(() -> pull("app", ImagePolicy.ENCRYPTED_ONLY))
                .isInstanceOf(ImageException.Refused.class)
                .hasMessageContaining("not encrypted");

        ImagePolicy pinned = new ImagePolicy(false, List.of("sha256:" + "0".repeat(64)), List.of());
        assertThatThrownBy(() -> pull("app", pinned))
                .isInstanceOf(ImageException.Refused.class)
                .hasMessageContaining("manifest-digests");

        assertThat(realm.images().blobsAsked()).isEmpty();
        assertThat(realm.broker().attestations()).isEmpty();

        ImagePolicy right = new ImagePolicy(false, List.of(realm.images().digest()), List.of());
        assertThat(pull("app", right).unpacked().entries()).isPositive();
    }

    @Test
    void tellsWhatIsNotThere() throws IOException {
        realm = offering("plain-tar");
        realm.images().fail(Status.NOT_FOUND.withDescription("no such tag"));
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(ImageException.NotFound.class);

        realm.images().fail(Status.RESOURCE_EXHAUSTED.withDescription("no room left"));
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE))
                .isInstanceOf(ImageException.NoRoom.class)
                .hasMessageContaining("no room left");

        realm.images().fail(Status.UNAVAILABLE);
        assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE)).isInstanceOf(ImageException.Unavailable.class);
        assertNothingLeft();
    }

    @Test
    void saysThatTheRealmHasNoRoom() throws IOException, InterruptedException {
        realm = offering("plain-tar");
        Optional<SmallDisk> mounted = SmallDisk.mount(folder.resolve("memory"), 1 << 20);
        assumeTrue(mounted.isPresent(), "not root: nothing can be mounted");
        try (SmallDisk memory = mounted.get()) {
            memory.fillBut(4096);
            Path rootfs = memory.folder().resolve("rootfs");

            assertThatThrownBy(() -> pull("app", RealmFixture.ANY_IMAGE, rootfs))
                    .isInstanceOf(ImageException.NoRoom.class)
                    .hasMessageContainingAll("layers of app", "1 MiB for files", "--memory");
            assertThat(memory.folder().toFile().list()).containsExactly("ballast");

            memory.empty();
            assertThat(pull("app", RealmFixture.ANY_IMAGE, rootfs).unpacked().entries())
                    .isPositive();
        }
    }

    private RealmFixture offering(String vector) throws IOException {
        RealmFixture offering = RealmFixture.offering(vector, folder);
        JsonNode keks = new JsonMapper().readTree(Vectors.bytes("coco/images/keys/keks.json"));
        keks.properties()
                .forEach(kek -> offering.broker()
                        .holding(
                                ResourceUri.parse(kek.getKey()).path().toString(),
                                Base64.getDecoder().decode(kek.getValue().stringValue())));
        offering.broker().holding(RSA_KEY, Vectors.bytes("coco/images/keys/rsa1-priv.pem"));
        offering.broker().holding(EC_KEY, Vectors.bytes("coco/images/keys/ec1-priv.pem"));
        return offering;
    }

    private PullReport pull(String reference, ImagePolicy policy) {
        return pull(reference, policy, rootfs());
    }

    private PullReport pull(String reference, ImagePolicy policy, Path rootfs) {
        PullImage pull = realm.pull(policy);
        ResolvedImage image = pull.resolve(Reference.parse(reference));
        List<ResourceUri> keys = List.of(ResourceUri.parse("kbs:///" + RSA_KEY), ResourceUri.parse("kbs:///" + EC_KEY));
        return pull.unpack(image, pull.openKeys(image, keys), rootfs, this::progressed);
    }

    /// An instance of the service left, or the host lets no call last longer.
    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"UNAVAILABLE", "DEADLINE_EXCEEDED"})
    void blobGoesOnWhereItBrokeOff(Status.Code code) throws IOException {
        realm = offering("jwe-gzip");
        realm.images().breakOffAfter(2, code.toStatus());

        pull("registry.example/app:1", RealmFixture.ANY_IMAGE);

        assertThat(rootfs()).isDirectoryRecursivelyContaining("glob:**/tool");
        assertThat(realm.images().blobsAsked()).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, 3", "DEADLINE_EXCEEDED, 11"})
    void blobThatDoesNotGoOnIsGivenUp(Status.Code code, int calls) throws IOException {
        realm = offering("jwe-gzip");
        realm.images().breakOffAfter(0, code.toStatus().withDescription("it ends"));

        assertThatThrownBy(() -> pull("registry.example/app:1", RealmFixture.ANY_IMAGE))
                .isInstanceOf(ImageException.Unavailable.class)
                .hasMessageContaining("it ends");
        assertThat(realm.images().blobsAsked()).hasSize(calls);
        assertThat(rootfs()).doesNotExist();
    }

    private void progressed(Descriptor layer, long bytes) {
        progress.computeIfAbsent(layer, unused -> new CopyOnWriteArrayList<>()).add(bytes);
    }

    private Path rootfs() {
        return folder.resolve("rootfs");
    }

    private void assertNothingLeft() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("smc.sock");
        }
    }
}
