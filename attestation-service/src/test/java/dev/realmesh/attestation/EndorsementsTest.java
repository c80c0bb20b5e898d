// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Comid;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.Validity;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsRequest;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.TestDatabase;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `EndorsementService/SubmitEndorsements`, the folder of endorsements, and the files of the state folder.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class EndorsementsTest {
    @Parameter
    private TestDatabase kind;

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Bytes RIM = Bytes.ofHex("43".repeat(64));

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private Optional<PostgresqlConfig> database;
    private ServiceFixture fixture;

    @BeforeEach
    void open() {
        database = kind.fresh();
        fixture = ServiceFixture.open(ServiceFixture.config(folder.resolve("state"), List.of(), database), now::get);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatIsSubmittedIsInUseAtOnce() {
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED);
        fixture.submit("up-cca-platform-valid", CorimProfile.PLATFORM);
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
        fixture.submit("up-cca-realm-valid", CorimProfile.REALM);
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @Test
    void refusesWhoHasNotTheTokenAndStoresNothing() {
        SubmitEndorsementsRequest request = ServiceFixture.submission("up-cca-platform-valid", "");
        requireStatus(
                Status.Code.UNAUTHENTICATED,
                () -> fixture.endorsementsWithoutToken().submitEndorsements(request));
        for (String wrong : List.of("Bearer ", "Bearer " + "A".repeat(43), "Basic eDp5", "")) {
            requireStatus(
                    Status.Code.UNAUTHENTICATED,
                    () -> fixture.endorsementsWith(wrong).submitEndorsements(request));
        }
        fixture.endorsements().submitEndorsements(request);
    }

    @Test
    void isNotServedOnTheBus() {
        assertThat(fixture.service().busServices())
                .extracting(
                        service -> service.bindService().getServiceDescriptor().getName())
                .containsExactlyInAnyOrder(
                        "realmesh.attestation.v1.AttestationService",
                        "attestation.AttestationService",
                        "reference.ReferenceValueProviderService");
    }

    @Test
    void refusesTheSameBytesTwice() {
        fixture.provisioned();
        requireStatus(Status.Code.ALREADY_EXISTS, () -> fixture.submit("up-cca-platform-valid", CorimProfile.PLATFORM));
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @Test
    void refusesASecondKeyForAPlatformAndKeepsTheFirst() {
        fixture.provisioned();
        requireStatus(Status.Code.FAILED_PRECONDITION, () -> fixture.submit("m-plat-wrong-key", CorimProfile.PLATFORM));
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @ParameterizedTest
    @CsvSource({
        "m-corim-garbage, ''",
        "stale-e2e-platform, ''",
        "up-cca-platform-bad-no-class, ''",
        "m-plat-version-scheme, ''",
        "s-signed-ok, ''",
        "up-cca-platform-valid, application/json",
        "up-cca-platform-valid, 'application/rim+cbor; profile=\"tag:arm.com,2025:cca_realm#1.0.0\"'",
        "up-cca-platform-valid, 'application/rim+cose; profile=\"tag:arm.com,2025:cca_platform#1.0.0\"'"
    })
    void refusesWhatIsNoCorimOfItsMediaType(String corim, String mediaType) {
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> fixture.endorsements().submitEndorsements(ServiceFixture.submission(corim, mediaType)));
    }

    @Test
    void takesSignedCorimsOfAConfiguredRoot() {
        fixture.close();
        Path root = Vectors.path("attestation/keys/TEST-corim-rootCA.crt");
        fixture = ServiceFixture.open(
                new AttestationServiceConfig(
                        folder.resolve("state"),
                        List.of(),
                        List.of(root),
                        AppraisalMode.VERAISON_COMPATIBLE,
                        64,
                        Optional.empty(),
                        database,
                        Optional.empty(),
                        CocoConfig.withDefaults(),
                        Optional.empty(),
                        Optional.empty()),
                now::get);
        String type = CorimProfile.REALM.signedMediaType();

        assertThat(fixture.endorsements()
                        .submitEndorsements(ServiceFixture.submission("s-signed-ok", type))
                        .getCorimId())
                .isEqualTo("m-realm-rim32");
        for (String forged : List.of("s-signed-bad-signature", "s-signed-leaf-only", "s-signed-no-x5chain")) {
            requireStatus(
                    Status.Code.INVALID_ARGUMENT,
                    () -> fixture.endorsements().submitEndorsements(ServiceFixture.submission(forged, type)));
        }
    }

    @Test
    void usesACorimInsideItsValidityOnly() {
        fixture.submit("up-cca-platform-valid", CorimProfile.PLATFORM);
        Validity hour = new Validity(START.plusSeconds(60), START.plusSeconds(3660));
        Corim corim = new Corim(
                "hour", CorimProfile.REALM, hour, List.of(new Comid("hour", List.of(RealmReference.ofRim(RIM)))));
        fixture.endorsements()
                .submitEndorsements(SubmitEndorsementsRequest.newBuilder()
                        .setCorim(ByteString.copyFrom(corim.encode().toByteArray()))
                        .build());

        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
        now.set(START.plusSeconds(60));
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        now.set(START.plusSeconds(3661));
        assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_WARNING);
    }

    @Test
    void loadsAFolderAtEachStart() throws IOException {
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        copy("up-cca-platform-valid", endorsements.resolve("platform.cbor"));
        copy("up-cca-realm-valid", endorsements.resolve("realm.corim"));
        Files.writeString(endorsements.resolve("README"), "not a CoRIM");
        for (int start = 0; start < 2; start++) {
            restart(endorsements);
            assertThat(status()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
        }
    }

    @Test
    void doesNotStartWithAFileThatIsNotTaken() throws IOException {
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        copy("m-corim-garbage", endorsements.resolve("garbage.cbor"));
        fixture.close();
        AttestationServiceConfig config =
                ServiceFixture.config(folder.resolve("state"), List.of(endorsements), database);

        assertThatThrownBy(() -> AttestationService.open(config, now::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("garbage.cbor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ear-signing-key.jwk", "admin.token"})
    void secretsAreTheOwnersAndRefusedOtherwise(String name) throws IOException {
        Path file = folder.resolve("state").resolve(name);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        fixture.close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> ServiceFixture.open(
                        ServiceFixture.config(folder.resolve("state"), List.of(), database), now::get))
                .hasMessageContaining("chmod 600");
    }

    private void restart(Path endorsements) {
        fixture.close();
        fixture = ServiceFixture.open(
                ServiceFixture.config(folder.resolve("state"), List.of(endorsements), database), now::get);
    }

    private AttestationStatus status() {
        return fixture.appraise("good-399").getResult().getStatus();
    }

    private static void copy(String corim, Path file) throws IOException {
        Files.write(file, Vectors.bytes("attestation/endorsements/" + corim + ".cbor"));
    }

    private static void requireStatus(Status.Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }
}
