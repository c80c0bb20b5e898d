// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.EndorsementServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterRequest;
import dev.realmesh.testkit.Vectors;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service over the event bus: who is on it can have evidence appraised, and cannot provision.
class ServiceOnTheBusTest {
    @TempDir
    private Path folder;

    @Test
    void trusteesApiOnTheBusTakesTheAdminTokenForAdministrationHoweverTheEdgeIsSet() {
        AttestationServiceConfig config = ServiceFixture.config(folder.resolve("state"), List.of(), Optional.empty())
                .withCoco(new CocoConfig(CocoConfig.Administration.OPEN, 300, "here"));

        try (MeshNode node = MeshNode.start(MeshConfig.local());
                AttestationService service = AttestationService.open(config, InstantSource.system())) {
            node.serve(AttestationService.BUS_NAME, service.busServices());
            var references = ReferenceValueProviderServiceGrpc.newBlockingStub(
                            node.channel(AttestationService.BUS_NAME))
                    .withDeadlineAfter(30, TimeUnit.SECONDS);

            assertThat(references
                            .queryReferenceValue(ReferenceValueQueryRequest.newBuilder()
                                    .setReferenceValueId("a")
                                    .build())
                            .hasReferenceValueResults())
                    .isFalse();
            assertThatThrownBy(() -> references.registerReferenceValue(ReferenceValueRegisterRequest.newBuilder()
                            .setMessage("{\"type\": \"sample\", \"payload\": \"eyJhIjoxfQ==\"}")
                            .build()))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
        }
    }

    @Test
    void appraisesOverTheBusAndTakesNoEndorsementsThere() throws IOException {
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        for (String corim : List.of("up-cca-platform-valid.cbor", "up-cca-realm-valid.cbor")) {
            Files.write(endorsements.resolve(corim), Vectors.bytes("attestation/endorsements/" + corim));
        }
        AttestationServiceConfig config =
                ServiceFixture.config(folder.resolve("state"), List.of(endorsements), Optional.empty());

        try (MeshNode node = MeshNode.start(MeshConfig.local());
                AttestationService service = AttestationService.open(config, InstantSource.system())) {
            node.serve(AttestationService.BUS_NAME, service.busServices());
            Channel channel = node.channel(AttestationService.BUS_NAME);
            var response = AttestationServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .appraise(ServiceFixture.request("good-399").build());

            assertThat(response.getResult().getStatus()).isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            assertThat(service.signingKey()).contains("P-256");
            assertThatThrownBy(() -> EndorsementServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                            .submitEndorsements(ServiceFixture.submission("m-plat-base", "")))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
        }
    }
}
