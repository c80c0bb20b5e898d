// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.RealmProfile;
import dev.realmesh.cca.token.RealmToken;
import dev.realmesh.kbs.aael.AaelEntry;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.kbs.aael.AaelHash;
import dev.realmesh.kbs.aael.AaelLog;
import dev.realmesh.kbs.aael.PulledImage;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.attestation.v1.GetResultResponse;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.MeasuredImage;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.StorageException;
import dev.realmesh.storage.TestDatabase;
import dev.realmesh.testkit.Vectors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The event log that comes with evidence: it relates a result to the images that its Realm had run.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class EventLogsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final HashAlgorithm HASH = HashAlgorithm.SHA_512;
    private static final AaelEvent OTHER = new AaelEvent("example.org", "Start", "a b");
    private static final PulledImage APP = new PulledImage("team/app:1", "sha256:" + "1".repeat(64));
    private static final PulledImage TOOL = new PulledImage("team/tool:2", "sha256:" + "2".repeat(64));
    private static final List<AaelEvent> HAPPENED = List.of(APP.toEvent(), OTHER, TOOL.toEvent(), APP.toEvent());
    private static final List<PulledImage> RAN = List.of(APP, TOOL, APP);

    @Parameter
    private TestDatabase kind;

    @TempDir
    private Path state;

    private Optional<PostgresqlConfig> database;
    private ServiceFixture fixture;

    @BeforeEach
    void open() {
        database = kind.fresh();
        fixture = ServiceFixture.open(ServiceFixture.config(state, List.of(), database), CLOCK);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aResultTellsTheImagesThatItsRealmHadRun() {
        String id = appraise(log(HAPPENED));
        appraise(ByteString.EMPTY);

        GetResultResponse found = get(id);
        assertThat(found.getResult().getImagesList()).containsExactly(image(APP, 2), image(TOOL, 1));
        assertThat(found.getEventLog()).isEqualTo(log(HAPPENED));
        assertThat(list("")).hasSize(2);
        assertThat(list("").getLast()).isEqualTo(found.getResult());
        assertThat(list("").getFirst().getImagesList()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"team/tool:2", "sha256:2222222222222222222222222222222222222222222222222222222222222222"})
    void resultsAreFoundByImage(String image) {
        String id = appraise(log(HAPPENED));
        appraise(ByteString.EMPTY);

        assertThat(list(image)).extracting(AttestationResult::getResultId).containsExactly(id);
        assertThat(list("team/other:1")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("logsOfOthers")
    void aLogThatDoesNotReplayIsRefusedAndNothingIsStored(ByteString log, String problem) {
        assertThatThrownBy(() -> appraise(log)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(e.getStatus().getDescription()).contains("event_log").contains(problem);
        });
        assertThat(list("")).isEmpty();
    }

    static Stream<Arguments> logsOfOthers() {
        List<AaelEvent> less = HAPPENED.subList(0, 3);
        List<AaelEvent> more = new ArrayList<>(HAPPENED);
        more.add(TOOL.toEvent());
        List<AaelEvent> turned = List.of(HAPPENED.get(1), HAPPENED.get(0), HAPPENED.get(2), HAPPENED.get(3));
        return Stream.of(
                Arguments.of(log(less), "REM[2]"),
                Arguments.of(log(more), "REM[2]"),
                Arguments.of(log(turned), "REM[2]"),
                Arguments.of(log(HAPPENED).concat(ByteString.copyFromUtf8("x")), "AAEL, entry 5"),
                Arguments.of(ByteString.copyFrom(new byte[AaelLog.MAX_BYTES + 1]), "at most"));
    }

    /// Who may write events must not be able to make a Realm look as if it ran something.
    @Test
    void aPullThatOnlyTheLogTellsOfIsRefused() {
        List<AaelEvent> forged = List.of(APP.toEvent(), TOOL.toEvent());
        AppraiseRequest request = request(evidence(forged, List.of(APP)), log(forged));

        assertThatThrownBy(() -> fixture.attestation().appraise(request)).hasMessageContaining("REM[3]");
        assertThat(list("")).isEmpty();
    }

    @Test
    void evidenceThatCannotBeReadHasAResultWithoutImages() {
        ByteString truncated = ByteString.copyFrom(Vectors.bytes("attestation/tokens/malformed-truncated.cbor"));

        String id = fixture.attestation()
                .appraise(request(truncated, log(HAPPENED)))
                .getResult()
                .getResultId();

        assertThat(get(id).getResult().getImagesList()).isEmpty();
        assertThat(get(id).getEventLog()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE result_image SET starts = 9",
                "DELETE FROM result_image",
                "UPDATE result_log SET sequence = 9",
                "DELETE FROM result_log"
            })
    void whatIsStoredOfALogIsNotChangedOrRemoved(String sql) {
        String id = appraise(log(HAPPENED));
        GetResultResponse before = get(id);

        try (Database opened = openDatabase()) {
            assertThatThrownBy(() -> opened.write("tamper", connection -> {
                        try (Statement statement = connection.createStatement()) {
                            return statement.execute(sql);
                        }
                    }))
                    .isInstanceOf(StorageException.class)
                    .hasStackTraceContaining("append-only");
        }
        assertThat(get(id)).isEqualTo(before);
    }

    @Test
    void aLogGoesWithItsResult() {
        appraise(log(HAPPENED));

        try (Database opened = openDatabase()) {
            assertThat(new ResultStore(opened).expire(CLOCK.instant().plusSeconds(1)))
                    .isEqualTo(1);
            int rows = opened.read("count", EventLogsTest::rowsOfLogs);
            assertThat(rows).isZero();
        }
    }

    private static int rowsOfLogs(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT (SELECT COUNT(*) FROM result_image) + (SELECT COUNT(*) FROM result_log)")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private String appraise(ByteString log) {
        return fixture.attestation()
                .appraise(request(evidence(HAPPENED, RAN), log))
                .getResult()
                .getResultId();
    }

    private static AppraiseRequest request(ByteString evidence, ByteString log) {
        return ServiceFixture.request("good-399")
                .setEvidence(evidence)
                .setEventLog(log)
                .build();
    }

    private GetResultResponse get(String id) {
        return fixture.attestation()
                .getResult(GetResultRequest.newBuilder().setResultId(id).build());
    }

    private List<AttestationResult> list(String image) {
        return fixture.attestation()
                .listResults(ListResultsRequest.newBuilder().setImage(image).build())
                .getResultsList();
    }

    private Database openDatabase() {
        return database.map(config -> Database.openPostgresql(config, AttestationService.MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(state.resolve("attestation.db"), AttestationService.MIGRATIONS));
    }

    private static MeasuredImage image(PulledImage image, int starts) {
        return MeasuredImage.newBuilder()
                .setReference(image.reference())
                .setDigest(image.digest())
                .setStarts(starts)
                .build();
    }

    private static ByteString log(List<AaelEvent> events) {
        return ByteString.copyFrom(aael(events).toBytes());
    }

    private static AaelLog aael(List<AaelEvent> events) {
        return new AaelLog(events.stream()
                .map(event ->
                        new AaelEntry(2, AaelHash.ofSize(HASH.digestSize()).orElseThrow(), event))
                .toList());
    }

    /// Recorded evidence of a Realm with other registers, whose signature therefore is none.
    private static ByteString evidence(List<AaelEvent> events, List<PulledImage> images) {
        CcaEvidence recorded = CcaEvidence.decode(Bytes.copyOf(Vectors.bytes("attestation/tokens/good-399.cbor")));
        RealmClaims claims = recorded.realm().claims();
        Bytes zero = Bytes.copyOf(new byte[HASH.digestSize()]);
        RealmExtensibleMeasurement register = RealmExtensibleMeasurement.initial(HASH);
        for (PulledImage image : images) {
            register = register.extended(image.extension());
        }
        RealmClaims changed = RealmClaims.builder()
                .challenge(claims.challenge())
                .profile(Stream.of(RealmProfile.values())
                        .filter(profile -> profile.uri().equals(claims.profileUri()))
                        .findFirst()
                        .orElse(RealmProfile.LEGACY))
                .personalizationValue(claims.personalizationValue())
                .hashAlgorithm(HASH.claimName())
                .publicKey(claims.publicKey())
                .initialMeasurement(claims.initialMeasurement())
                .extensibleMeasurements(List.of(
                        zero,
                        zero,
                        Bytes.copyOf(aael(events).replay(zero.toByteArray())),
                        Bytes.copyOf(register.value().toByteArray())))
                .publicKeyHashAlgorithm(claims.publicKeyHashAlgorithm())
                .build();
        RealmToken realm = RealmToken.sign(changed, CoseAlgorithm.ES384, toBeSigned -> Bytes.copyOf(new byte[96]));
        CcaEvidence evidence = new CcaEvidence(recorded.form(), recorded.platform(), realm);
        return ByteString.copyFrom(evidence.encode().toByteArray());
    }
}
