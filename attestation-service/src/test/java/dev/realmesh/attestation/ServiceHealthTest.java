// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.attestation.rest.RestConfig;
import dev.realmesh.attestation.veraison.VeraisonConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.storage.Postgresql;
import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the service says of the things that it cannot do without: its database, and the Veraison behind it.
@Timeout(120)
class ServiceHealthTest {
    @TempDir
    private Path folder;

    @Test
    void namesADatabaseWhoseFileIsGone() throws Exception {
        try (AttestationService service = service(Optional.empty())) {
            Path file = folder.resolve("service/attestation.db");
            Path aside = folder.resolve("aside.db");
            assertThat(problems(service)).containsExactly(Map.entry("database", ""));

            Files.move(file, aside);
            assertThat(problems(service)).containsExactly(Map.entry("database", "cannot be read"));
            assertThat(file).doesNotExist();
            Files.move(aside, file);
            assertThat(problems(service)).containsExactly(Map.entry("database", ""));
        }
    }

    @Test
    void namesAPostgresqlThatIsAwayOverTheBus() throws Exception {
        try (Postgresql server = Postgresql.start();
                AttestationService service = AttestationService.open(
                        ServiceFixture.config(folder.resolve("service"), List.of(), Optional.of(server.newDatabase())),
                        InstantSource.system());
                MeshNode node = MeshNode.start(MeshConfig.local())) {
            node.serve(AttestationService.BUS_NAME, service);
            Channel channel = node.channel(AttestationService.BUS_NAME);
            assertThat(health(channel, "attestation-service/database")).isEqualTo(ServingStatus.SERVING);
            assertThat(node.ready()).isTrue();

            server.down();
            awaitHealth(channel, ServingStatus.NOT_SERVING);
            assertThat(health(channel, "attestation-service/database")).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(node.ready()).isFalse();

            server.up();
            awaitHealth(channel, ServingStatus.SERVING);
            assertThat(node.ready()).isTrue();
        }
    }

    @Test
    void namesAVeraisonThatIsAway() throws Exception {
        AttestationService verifier = verifier(0);
        int port = verifier.restPort().orElseThrow();
        VeraisonConfig veraison = new VeraisonConfig(
                URI.create("http://operator:secret@127.0.0.1:" + port),
                Optional.empty(),
                folder.resolve("verifier").resolve(AttestationService.SIGNER_FILE),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10),
                1);
        try (AttestationService service = service(Optional.of(veraison))) {
            assertThat(problems(service)).containsExactly(Map.entry("database", ""), Map.entry("veraison", ""));
            verifier.close();
            assertThat(problems(service))
                    .containsExactly(Map.entry("database", ""), Map.entry("veraison", "does not answer"));
            verifier = verifier(port);
            assertThat(problems(service)).containsExactly(Map.entry("database", ""), Map.entry("veraison", ""));
        } finally {
            verifier.close();
        }
    }

    private AttestationService service(Optional<VeraisonConfig> veraison) {
        return AttestationService.open(config("service", veraison, Optional.empty()), InstantSource.system());
    }

    private AttestationService verifier(int port) {
        return AttestationService.open(
                config("verifier", Optional.empty(), Optional.of(RestConfig.loopback(port))), InstantSource.system());
    }

    private AttestationServiceConfig config(String name, Optional<VeraisonConfig> veraison, Optional<RestConfig> rest) {
        return new AttestationServiceConfig(
                folder.resolve(name),
                List.of(),
                List.of(),
                AppraisalMode.STRICT,
                64,
                Optional.empty(),
                Optional.empty(),
                veraison,
                CocoConfig.withDefaults(),
                rest,
                Optional.empty());
    }

    private static Map<String, String> problems(AttestationService service) throws Exception {
        Map<String, String> problems = new TreeMap<>();
        for (HealthCheck check : service.healthChecks()) {
            problems.put(check.id(), check.probe().problem().orElse(""));
        }
        return problems;
    }

    private static void awaitHealth(Channel channel, ServingStatus status) {
        while (health(channel, "") != status) {
            Thread.onSpinWait();
        }
    }

    private static ServingStatus health(Channel channel, String name) {
        return HealthGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .check(HealthCheckRequest.newBuilder().setService(name).build())
                .getStatus();
    }
}
