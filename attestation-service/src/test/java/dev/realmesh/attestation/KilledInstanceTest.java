// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.result.ResultFilter;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.cca.ear.EarException;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.RelyingParty;
import dev.realmesh.mesh.HealthConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.bus.ClusterConfig;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.Postgresql;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.testkit.Vectors;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Instances that are killed under load, alone with SQLite, or one of two behind one bus address that share a
/// PostgreSQL.
/// Those two have a state folder each, and so an EAR key.
@Timeout(120)
class KilledInstanceTest {
    private static final int STAYS = 5851;
    private static final int KILLED = 5852;
    private static final int CALLERS = 16;

    @TempDir
    private Path folder;

    private final Queue<AppraiseResponse> answers = new ConcurrentLinkedQueue<>();
    private final Queue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @Test
    void noAnsweredResultIsLostWhenOneOfTwoIsKilled() throws Exception {
        PostgresqlConfig database = Postgresql.freshDatabase();
        Path endorsements = endorsements();
        AttestationServiceConfig config =
                ServiceFixture.config(folder.resolve("stays"), List.of(endorsements), Optional.of(database));
        try (MeshNode node = MeshNode.start(member(STAYS));
                AttestationService service = AttestationService.open(config, InstantSource.system())) {
            node.serve(AttestationService.BUS_NAME, service.busServices());
            Process process =
                    InstanceProcess.start(KILLED, folder.resolve("killed"), endorsements, Optional.of(database));
            EarVerifier staying = EarVerifier.ofJwk(service.signingKey());
            EarVerifier killed = EarVerifier.ofJwk(
                    Files.readString(folder.resolve("killed").resolve(AttestationService.SIGNER_FILE)));
            try (ExecutorService threads = callers(node.channel(AttestationService.BUS_NAME))) {
                awaitAnswersSignedBy(killed);
                awaitAnswersSignedBy(staying);
                process.destroyForcibly().waitFor();
                int soFar = answers.size();
                await(() -> answers.size() > soFar + 200);
                over = true;
                threads.shutdown();
            } finally {
                over = true;
                process.destroyForcibly();
            }

            assertThat(failures)
                    .allSatisfy(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
            assertThat(failures).hasSizeLessThanOrEqualTo(CALLERS);
            RelyingParty relying =
                    new RelyingParty(List.of(staying, killed), Duration.ofMinutes(5), InstantSource.system());
            assertThat(answers).allSatisfy(answer -> relying.requireAffirming(answer.getEar(), ServiceFixture.NONCE));
        }
        requireAnswersStoredOnce(Database.openPostgresql(database, AttestationService.MIGRATIONS));
    }

    @Test
    void noAnsweredResultIsLostInSqlite() throws Exception {
        Path state = folder.resolve("killed");
        try (MeshNode node = MeshNode.start(member(STAYS))) {
            Process process = InstanceProcess.start(KILLED, state, endorsements(), Optional.empty());
            try (ExecutorService threads = callers(node.channel(AttestationService.BUS_NAME))) {
                await(() -> answers.size() > 200);
                process.destroyForcibly().waitFor();
                over = true;
                threads.shutdown();
            } finally {
                over = true;
                process.destroyForcibly();
            }
        }
        requireAnswersStoredOnce(Database.openSqlite(state.resolve("attestation.db"), AttestationService.MIGRATIONS));
    }

    static MeshConfig member(int port) {
        ClusterConfig cluster =
                ClusterConfig.loopback("two-instances", port, List.of("127.0.0.1:" + STAYS, "127.0.0.1:" + KILLED));
        return new MeshConfig(Optional.of(cluster), HealthConfig.none(), Duration.ofSeconds(10), 4 << 20);
    }

    private Path endorsements() throws IOException {
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        for (String corim : List.of("up-cca-platform-valid.cbor", "up-cca-realm-valid.cbor")) {
            Files.write(endorsements.resolve(corim), Vectors.bytes("attestation/endorsements/" + corim));
        }
        return endorsements;
    }

    private ExecutorService callers(Channel channel) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        AppraiseRequest request = ServiceFixture.request("good-399").build();
        for (int i = 0; i < CALLERS; i++) {
            threads.execute(() -> {
                while (!over) {
                    call(channel, request);
                }
            });
        }
        return threads;
    }

    private void call(Channel channel, AppraiseRequest request) {
        try {
            answers.add(AttestationServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .appraise(request));
        } catch (StatusRuntimeException e) {
            failures.add(e);
        }
    }

    private void awaitAnswersSignedBy(EarVerifier key) {
        await(() -> answers.stream().anyMatch(answer -> isSignedBy(key, answer)));
    }

    private static boolean isSignedBy(EarVerifier key, AppraiseResponse answer) {
        try {
            key.verify(answer.getEar());
            return true;
        } catch (EarException e) {
            return false;
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private void requireAnswersStoredOnce(Database database) {
        List<String> stored = new ArrayList<>();
        try (database) {
            ResultStore store = new ResultStore(database);
            String next = "";
            do {
                ResultStore.Page page = store.list(ResultFilter.ALL, 1000, next);
                page.results().forEach(result -> stored.add(result.id().toString()));
                next = page.nextPageToken();
            } while (!next.isEmpty());
        }
        assertThat(stored)
                .doesNotHaveDuplicates()
                .containsAll(answers.stream()
                        .map(answer -> answer.getResult().getResultId())
                        .toList());
        assertThat(stored).hasSizeLessThanOrEqualTo(answers.size() + failures.size());
    }
}
