// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.attestation.reference.ReferenceValueProvider;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryResponse;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterResponse;
import io.grpc.stub.StreamObserver;

/// Trustee's `ReferenceValueProviderService`. Calls block; serve them on virtual threads.
public final class CocoReferenceGrpc extends ReferenceValueProviderServiceGrpc.ReferenceValueProviderServiceImplBase {
    private final ReferenceValueProvider provider;

    public CocoReferenceGrpc(ReferenceValueProvider provider) {
        this.provider = provider;
    }

    @Override
    public void queryReferenceValue(
            ReferenceValueQueryRequest request, StreamObserver<ReferenceValueQueryResponse> observer) {
        Statuses.answer(observer, () -> {
            ReferenceValueQueryResponse.Builder response = ReferenceValueQueryResponse.newBuilder();
            provider.query(request.getReferenceValueId()).ifPresent(response::setReferenceValueResults);
            return response.build();
        });
    }

    @Override
    public void registerReferenceValue(
            ReferenceValueRegisterRequest request, StreamObserver<ReferenceValueRegisterResponse> observer) {
        Statuses.answer(observer, () -> {
            provider.register(request.getMessage());
            return ReferenceValueRegisterResponse.getDefaultInstance();
        });
    }
}
