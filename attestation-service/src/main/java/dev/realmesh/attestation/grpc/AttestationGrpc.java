// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.AppraiseEvidence;
import dev.realmesh.attestation.result.ResultFeed;
import dev.realmesh.attestation.result.ResultStore;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.attestation.v1.GetResultResponse;
import dev.realmesh.proto.attestation.v1.GetSigningKeyRequest;
import dev.realmesh.proto.attestation.v1.GetSigningKeyResponse;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.ListResultsResponse;
import dev.realmesh.proto.attestation.v1.WatchResultsRequest;
import dev.realmesh.proto.attestation.v1.WatchResultsResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// `AttestationService`. Calls block; serve them on virtual threads.
public final class AttestationGrpc extends AttestationServiceGrpc.AttestationServiceImplBase {
    private static final int DEFAULT_PAGE_SIZE = 50;

    private final AppraiseEvidence appraisals;
    private final ResultStore results;
    private final ResultFeed feed;
    private final ByteString signingKey;

    /// @param signingKey the public JWK of the EAR signer
    public AttestationGrpc(AppraiseEvidence appraisals, ResultStore results, ResultFeed feed, String signingKey) {
        this.appraisals = appraisals;
        this.results = results;
        this.feed = feed;
        this.signingKey = ByteString.copyFromUtf8(signingKey);
    }

    @Override
    public void appraise(AppraiseRequest request, StreamObserver<AppraiseResponse> observer) {
        Statuses.answer(observer, () -> {
            AppraisalRequest evidence = AppraisalRequest.of(
                    Messages.bytes(request.getEvidence()),
                    request.getMediaType(),
                    Messages.bytes(request.getChallenge()));
            StoredResult stored = appraisals.appraise(
                    evidence, Messages.realmLabel(request.getRealmId()), Messages.bytes(request.getEventLog()));
            return AppraiseResponse.newBuilder()
                    .setEar(stored.jwt())
                    .setResult(Messages.result(stored))
                    .build();
        });
    }

    @Override
    public void getResult(GetResultRequest request, StreamObserver<GetResultResponse> observer) {
        Statuses.answer(observer, () -> {
            ResultStore.WithEvidence found = results.get(request.getResultId());
            return GetResultResponse.newBuilder()
                    .setResult(Messages.result(found.result()))
                    .setEvidence(ByteString.copyFrom(found.evidence().toByteArray()))
                    .setEventLog(ByteString.copyFrom(found.eventLog().toByteArray()))
                    .build();
        });
    }

    @Override
    public void listResults(ListResultsRequest request, StreamObserver<ListResultsResponse> observer) {
        Statuses.answer(observer, () -> {
            int size = request.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : request.getPageSize();
            ResultStore.Page page = results.list(Messages.filter(request), size, request.getPageToken());
            ListResultsResponse.Builder response =
                    ListResultsResponse.newBuilder().setNextPageToken(page.nextPageToken());
            page.results().forEach(result -> response.addResults(Messages.result(result)));
            return response.build();
        });
    }

    @Override
    public void watchResults(WatchResultsRequest request, StreamObserver<WatchResultsResponse> observer) {
        Statuses.guard(
                observer,
                () -> ResultStream.start(
                        feed.watch(Messages.filter(request), request.getAfterResultId()),
                        (ServerCallStreamObserver<WatchResultsResponse>) observer));
    }

    @Override
    public void getSigningKey(GetSigningKeyRequest request, StreamObserver<GetSigningKeyResponse> observer) {
        Statuses.answer(
                observer,
                () -> GetSigningKeyResponse.newBuilder().setJwk(signingKey).build());
    }
}
