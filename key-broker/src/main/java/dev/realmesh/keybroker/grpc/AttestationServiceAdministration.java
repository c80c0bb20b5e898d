// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import dev.realmesh.keybroker.verifier.VerifierAdministration;
import dev.realmesh.keybroker.verifier.VerifierException;
import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.SetPolicyRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryResponse;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterRequest;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// attestation-service's administration in Trustee's API, over gRPC. Changes show its admin token, whose file is read
/// for
/// each, so that it may be renewed.
public final class AttestationServiceAdministration implements VerifierAdministration {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel channel;
    private final Optional<Path> tokenFile;
    private final Duration timeout;

    /// @param tokenFile with the admin token; absent: nothing can be changed
    /// @param timeout how long a call may take
    public AttestationServiceAdministration(Channel channel, Optional<Path> tokenFile, Duration timeout) {
        this.channel = channel;
        this.tokenFile = tokenFile;
        this.timeout = timeout;
    }

    @Override
    public void setPolicy(String id, String policy) {
        SetPolicyRequest request =
                SetPolicyRequest.newBuilder().setPolicyId(id).setPolicy(policy).build();
        asking(() -> authorized(AttestationServiceGrpc.newBlockingStub(channel)).setAttestationPolicy(request));
    }

    @Override
    public Optional<String> referenceValue(String id) {
        ReferenceValueQueryRequest request =
                ReferenceValueQueryRequest.newBuilder().setReferenceValueId(id).build();
        ReferenceValueQueryResponse response =
                asking(() -> limited(ReferenceValueProviderServiceGrpc.newBlockingStub(channel))
                        .queryReferenceValue(request));
        return response.hasReferenceValueResults()
                ? Optional.of(response.getReferenceValueResults())
                : Optional.empty();
    }

    @Override
    public void registerReferenceValues(String message) {
        ReferenceValueRegisterRequest request =
                ReferenceValueRegisterRequest.newBuilder().setMessage(message).build();
        asking(() -> authorized(ReferenceValueProviderServiceGrpc.newBlockingStub(channel))
                .registerReferenceValue(request));
    }

    private <S extends AbstractStub<S>> S limited(S stub) {
        return stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <S extends AbstractStub<S>> S authorized(S stub) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token());
        return limited(stub).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private String token() {
        Path file = tokenFile.orElseThrow(() -> new VerifierException.NotAllowed("absent"));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new VerifierException.NotAllowed("cannot be read");
        }
    }

    private static <T> T asking(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw refusal(e.getStatus());
        }
    }

    private static VerifierException refusal(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, UNKNOWN -> new VerifierException.Unavailable();
            case UNAUTHENTICATED -> new VerifierException.NotAllowed("another token than the service's");
            default ->
                new VerifierException.Refused(Optional.ofNullable(status.getDescription())
                        .orElse(status.getCode().name()));
        };
    }
}
