// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.EndorsementServiceGrpc;
import dev.realmesh.proto.attestation.v1.PolicyServiceGrpc;
import dev.realmesh.proto.attestation.v1.SubmitEndorsementsRequest;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.testkit.Vectors;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The service with its edge behind an in-process channel, as a client sees it.
public final class ServiceFixture implements AutoCloseable {
    /// The nonce that most recorded tokens were made for.
    public static final Bytes NONCE = Bytes.ofHex("6f24d6b9635a2c8bbf58e908b94e04c1bfb3ae80cdebe832424578499fe31761"
            + "e7f5e1d8bce0121844f54abdfa5286da88f53a657b15335c9396b4329254bc5c");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final AttestationServiceConfig config;
    private final AttestationService service;
    private final Server server;
    private final ManagedChannel channel;

    private ServiceFixture(AttestationServiceConfig config, InstantSource clock) {
        this.config = config;
        this.service = AttestationService.open(config, clock);
        String name = UUID.randomUUID().toString();
        // Calls run in the caller's thread, so that a watch has begun once its call has.
        var builder = InProcessServerBuilder.forName(name).directExecutor();
        service.edgeServices().forEach(builder::addService);
        try {
            this.server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.channel = InProcessChannelBuilder.forName(name).build();
    }

    /// The service by Veraison's rules, on SQLite.
    public static ServiceFixture open(Path state, InstantSource clock) {
        return open(config(state, List.of(), Optional.empty()), clock);
    }

    /// Veraison's rules, and the defaults.
    public static AttestationServiceConfig config(
            Path state, List<Path> endorsements, Optional<PostgresqlConfig> database) {
        return new AttestationServiceConfig(
                state,
                endorsements,
                List.of(),
                AppraisalMode.VERAISON_COMPATIBLE,
                64,
                Optional.empty(),
                database,
                Optional.empty(),
                CocoConfig.withDefaults(),
                Optional.empty(),
                Optional.empty());
    }

    public static ServiceFixture open(AttestationServiceConfig config, InstantSource clock) {
        return new ServiceFixture(config, clock);
    }

    public AttestationService service() {
        return service;
    }

    public AttestationServiceGrpc.AttestationServiceBlockingStub attestation() {
        return AttestationServiceGrpc.newBlockingStub(channel);
    }

    public AttestationServiceGrpc.AttestationServiceStub asyncAttestation() {
        return AttestationServiceGrpc.newStub(channel);
    }

    public EndorsementServiceGrpc.EndorsementServiceBlockingStub endorsementsWithoutToken() {
        return EndorsementServiceGrpc.newBlockingStub(channel);
    }

    public EndorsementServiceGrpc.EndorsementServiceBlockingStub endorsements() {
        return endorsementsWith("Bearer " + read(config.stateFolder().resolve("admin.token")));
    }

    public EndorsementServiceGrpc.EndorsementServiceBlockingStub endorsementsWith(String authorization) {
        return with(authorization, endorsementsWithoutToken());
    }

    public PolicyServiceGrpc.PolicyServiceBlockingStub policiesWithoutToken() {
        return PolicyServiceGrpc.newBlockingStub(channel);
    }

    public PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
        return with("Bearer " + read(config.stateFolder().resolve("admin.token")), policiesWithoutToken());
    }

    /// Where Trustee's API is, too.
    public Channel channel() {
        return channel;
    }

    /// A stub with the admin token.
    public <S extends AbstractStub<S>> S asAdmin(S stub) {
        return with("Bearer " + read(config.stateFolder().resolve("admin.token")), stub);
    }

    private static <S extends AbstractStub<S>> S with(String authorization, S stub) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, authorization);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /// Provisions the endorsements of the recorded base scenario.
    public ServiceFixture provisioned() {
        submit("up-cca-platform-valid", CorimProfile.PLATFORM);
        submit("up-cca-realm-valid", CorimProfile.REALM);
        return this;
    }

    public void submit(String corim, CorimProfile profile) {
        endorsements().submitEndorsements(submission(corim, profile.mediaType()));
    }

    public static SubmitEndorsementsRequest submission(String corim, String mediaType) {
        return SubmitEndorsementsRequest.newBuilder()
                .setCorim(ByteString.copyFrom(Vectors.bytes("attestation/endorsements/" + corim + ".cbor")))
                .setMediaType(mediaType)
                .build();
    }

    public AppraiseResponse appraise(String token) {
        return attestation().appraise(request(token).build());
    }

    public static AppraiseRequest.Builder request(String token) {
        return AppraiseRequest.newBuilder()
                .setEvidence(ByteString.copyFrom(Vectors.bytes("attestation/tokens/" + token + ".cbor")))
                .setChallenge(ByteString.copyFrom(NONCE.toByteArray()))
                .setRealmId("realm-1");
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        service.close();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
