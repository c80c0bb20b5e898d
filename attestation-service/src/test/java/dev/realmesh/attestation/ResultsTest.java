// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.ListResultsResponse;
import dev.realmesh.proto.attestation.v1.WatchResultsRequest;
import dev.realmesh.proto.attestation.v1.WatchResultsResponse;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.StorageException;
import dev.realmesh.storage.TestDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `GetResult`, `ListResults`, `WatchResults`, and that a stored result stays as it is.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ResultsTest {
    @Parameter
    private TestDatabase kind;

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    private Path state;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private Optional<PostgresqlConfig> database;
    private ServiceFixture fixture;

    @BeforeEach
    void open() {
        database = kind.fresh();
        fixture = ServiceFixture.open(ServiceFixture.config(state, List.of(), database), now::get)
                .provisioned();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void pagesGoThroughAllResultsNewestFirst() {
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            stored.addFirst(store("good-399", "realm-" + i % 2));
        }
        List<String> listed = new ArrayList<>();
        ListResultsRequest request =
                ListResultsRequest.newBuilder().setPageSize(3).build();
        ListResultsResponse page;
        do {
            page = fixture.attestation().listResults(request);
            assertThat(page.getResultsCount()).isBetween(1, 3);
            page.getResultsList().forEach(result -> listed.add(result.getResultId()));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(listed).isEqualTo(stored);
    }

    @Test
    void conditionsHoldTogether() {
        String good = store("good-399", "realm-1");
        now.set(START.plusSeconds(10));
        String refused = store("realm-sig-flipped", "realm-1");
        String other = store("good-907", "realm-2");

        assertThat(list(ListResultsRequest.newBuilder().setRealmId("realm-1"))).containsExactly(refused, good);
        assertThat(list(ListResultsRequest.newBuilder()
                        .setRealmId("realm-1")
                        .setStatus(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED)))
                .containsExactly(refused);
        assertThat(list(ListResultsRequest.newBuilder().setIssuedFrom(time(10))))
                .containsExactly(other, refused);
        assertThat(list(ListResultsRequest.newBuilder().setIssuedBefore(time(10))))
                .containsExactly(good);
        assertThat(list(ListResultsRequest.newBuilder().setRealmId("realm-3"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAAAAAAAAAAAAAA", "????????????????", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesPageTokensThatItDidNotGive(String token) {
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> list(ListResultsRequest.newBuilder().setPageToken(token)));
    }

    @Test
    void refusesAPageTokenOfAnotherFilter() {
        store("good-399", "realm-1");
        store("good-399", "realm-1");
        String token = fixture.attestation()
                .listResults(ListResultsRequest.newBuilder().setPageSize(1).build())
                .getNextPageToken();
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> list(ListResultsRequest.newBuilder().setRealmId("realm-1").setPageToken(token)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1001})
    void refusesPageSizesOutOfRange(int size) {
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> list(ListResultsRequest.newBuilder().setPageSize(size)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "00000000-0000-0000-0000-000000000000", "' OR 1=1 --", "\0"})
    void saysThatThereIsNoSuchResult(String id) {
        store("good-399", "realm-1");
        requireStatus(
                Status.Code.NOT_FOUND,
                () -> fixture.attestation()
                        .getResult(GetResultRequest.newBuilder().setResultId(id).build()));
    }

    @Test
    void resultsOutliveTheProcess() {
        String id = store("good-399", "realm-1");
        String key = fixture.service().signingKey();
        fixture.close();

        fixture = ServiceFixture.open(ServiceFixture.config(state, List.of(), database), now::get);

        assertThat(list(ListResultsRequest.newBuilder())).containsExactly(id);
        assertThat(fixture.service().signingKey()).isEqualTo(key);
        assertThat(fixture.appraise("good-399").getResult().getStatus())
                .isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE result SET status = 2", "DELETE FROM result"})
    void aStoredResultIsNotChangedOrRemoved(String sql) {
        String id = store("realm-sig-flipped", "realm-1");
        try (Database database = openDatabase()) {
            assertThatThrownBy(() -> database.write("tamper", connection -> {
                        try (Statement statement = connection.createStatement()) {
                            return statement.execute(sql);
                        }
                    }))
                    .isInstanceOf(StorageException.class)
                    .hasStackTraceContaining("append-only");
        }
        assertThat(list(ListResultsRequest.newBuilder()
                        .setStatus(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED)))
                .containsExactly(id);
    }

    @Test
    void watchersAreToldOfWhatTheyAskedFor() throws InterruptedException {
        Watcher refusals = watch(
                WatchResultsRequest.newBuilder()
                        .setStatus(AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED)
                        .build(),
                Integer.MAX_VALUE);
        store("good-399", "realm-1");
        String refused = store("realm-sig-flipped", "realm-1");

        assertThat(refusals.next()).isEqualTo(refused);
    }

    @Test
    void aWatcherThatReadsSlowlyMissesNothing() throws InterruptedException {
        Watcher idle = watch(WatchResultsRequest.getDefaultInstance(), 1);
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            stored.add(store("malformed-garbage", "realm-1"));
        }
        idle.request(Integer.MAX_VALUE);

        for (String id : stored) {
            assertThat(idle.next()).isEqualTo(id);
        }
    }

    @Test
    void aWatcherGoesOnWhereItWas() throws InterruptedException {
        String seen = store("good-399", "realm-1");
        String missed = store("realm-sig-flipped", "realm-1");
        Watcher again =
                watch(WatchResultsRequest.newBuilder().setAfterResultId(seen).build(), Integer.MAX_VALUE);

        assertThat(again.next()).isEqualTo(missed);
        String next = store("good-399", "realm-2");
        assertThat(again.next()).isEqualTo(next);
    }

    @Test
    void aWatcherCannotGoOnBehindAResultThatIsNotThere() throws InterruptedException {
        assertThat(watch(WatchResultsRequest.newBuilder().setAfterResultId("x").build(), Integer.MAX_VALUE)
                        .next())
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void findsByRimAndByPlatform() {
        String good = store("good-399", "realm-1");
        String otherRim = store("rim-unknown", "realm-1");
        AttestationResult result = fixture.attestation()
                .getResult(GetResultRequest.newBuilder().setResultId(good).build())
                .getResult();

        assertThat(list(ListResultsRequest.newBuilder().setRim(result.getRim())))
                .containsExactly(good);
        assertThat(list(ListResultsRequest.newBuilder().setInstanceId(result.getInstanceId())))
                .containsExactly(otherRim, good);
        assertThat(list(ListResultsRequest.newBuilder().setInstanceId(result.getRim())))
                .isEmpty();
    }

    @Test
    void removesWhatIsOlderThanItsRetentionAndNothingElse() {
        String old = store("good-399", "realm-1");
        now.set(START.plusSeconds(100));
        String recent = store("good-399", "realm-1");
        try (Database database = openDatabase()) {
            assertThat(new ResultStore(database).expire(START.plusSeconds(50))).isEqualTo(1);
            assertThat(new ResultStore(database).expire(START)).isZero();
        }

        assertThat(list(ListResultsRequest.newBuilder()))
                .containsExactly(recent)
                .doesNotContain(old);
        aStoredResultIsNotChangedOrRemoved("DELETE FROM result");
    }

    @Test
    void refusesMoreWatchersThanMayWatch() throws InterruptedException {
        fixture.close();
        fixture = ServiceFixture.open(
                new AttestationServiceConfig(
                        state,
                        List.of(),
                        List.of(),
                        AppraisalMode.VERAISON_COMPATIBLE,
                        1,
                        Optional.empty(),
                        database,
                        Optional.empty(),
                        CocoConfig.withDefaults(),
                        Optional.empty(),
                        Optional.empty()),
                now::get);
        Watcher first = watch(WatchResultsRequest.getDefaultInstance(), Integer.MAX_VALUE);
        Watcher second = watch(WatchResultsRequest.getDefaultInstance(), Integer.MAX_VALUE);
        List<Watcher> both = List.of(first, second);
        String id = store("good-399", "realm-1");

        assertThat(both.stream().map(Watcher::outcome)).containsExactlyInAnyOrder(id, "RESOURCE_EXHAUSTED");
    }

    private Database openDatabase() {
        return database.map(shared -> Database.openPostgresql(shared, AttestationService.MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(state.resolve("attestation.db"), AttestationService.MIGRATIONS));
    }

    private String store(String token, String realm) {
        return fixture.attestation()
                .appraise(ServiceFixture.request(token).setRealmId(realm).build())
                .getResult()
                .getResultId();
    }

    private List<String> list(ListResultsRequest.Builder request) {
        return fixture.attestation().listResults(request.build()).getResultsList().stream()
                .map(AttestationResult::getResultId)
                .toList();
    }

    private static Timestamp time(long seconds) {
        return Timestamp.newBuilder()
                .setSeconds(START.getEpochSecond() + seconds)
                .build();
    }

    private static void requireStatus(Status.Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    private Watcher watch(WatchResultsRequest request, int initially) {
        Watcher watcher = new Watcher(initially);
        fixture.asyncAttestation().watchResults(request, watcher);
        return watcher;
    }

    /// A client that asks for as many messages as it is told.
    private static final class Watcher implements ClientResponseObserver<WatchResultsRequest, WatchResultsResponse> {
        private final int initially;
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final AtomicReference<ClientCallStreamObserver<WatchResultsRequest>> call = new AtomicReference<>();

        private Watcher(int initially) {
            this.initially = initially;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchResultsRequest> stream) {
            stream.disableAutoRequestWithInitial(initially);
            call.set(stream);
        }

        @Override
        public void onNext(WatchResultsResponse response) {
            events.add(response.getResult().getResultId());
        }

        @Override
        public void onError(Throwable error) {
            events.add(Status.fromThrowable(error).getCode().name());
        }

        @Override
        public void onCompleted() {
            events.add("completed");
        }

        void request(int count) {
            call.get().request(count);
        }

        String next() throws InterruptedException {
            String event = events.poll(10, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        String outcome() {
            try {
                return next();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "interrupted";
            }
        }

        Status.Code ended() throws InterruptedException {
            String event = next();
            while (event.contains("-")) {
                event = next();
            }
            return Status.Code.valueOf(event);
        }
    }
}
