// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.Challenge;
import dev.realmesh.keybroker.rcar.Attestation;
import dev.realmesh.keybroker.rcar.EvidenceVerifier;
import dev.realmesh.keybroker.rcar.RcarException;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// attestation-service as the verifier, over gRPC. Each call has a deadline: this one's, or the guest's own if that is
/// sooner.
public final class AttestationServiceVerifier implements EvidenceVerifier {
    private final AttestationServiceGrpc.AttestationServiceBlockingStub attestationService;
    private final Duration timeout;

    /// The verifier behind a channel.
    ///
    /// @param timeout how long an appraisal may take
    public AttestationServiceVerifier(Channel channel, Duration timeout) {
        this.attestationService = AttestationServiceGrpc.newBlockingStub(channel);
        this.timeout = timeout;
    }

    @Override
    public Appraisal appraise(Bytes evidence, Challenge challenge, Attestation.Remarks remarks) {
        AppraiseRequest request = AppraiseRequest.newBuilder()
                .setEvidence(ByteString.copyFrom(evidence.toByteArray()))
                .setChallenge(ByteString.copyFrom(challenge.toBytes()))
                .setRealmId(remarks.realmLabel())
                .setEventLog(ByteString.copyFrom(remarks.eventLog().toByteArray()))
                .build();
        try {
            AppraiseResponse response = attestationService
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .appraise(request);
            return new Appraisal(response.getEar(), response.getResult().getResultId());
        } catch (StatusRuntimeException e) {
            throw refusal(e.getStatus());
        }
    }

    private static RcarException refusal(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT ->
                new RcarException.NotEvidence(
                        "refused by the verifier (expected: a CCA token, and an event log that replays to it)");
            case UNAVAILABLE, RESOURCE_EXHAUSTED -> new RcarException.VerifierUnavailable();
            case DEADLINE_EXCEEDED, CANCELLED -> new RcarException.VerifierTimedOut();
            default -> new RcarException.VerifierFailed(status.getCode().name());
        };
    }
}
