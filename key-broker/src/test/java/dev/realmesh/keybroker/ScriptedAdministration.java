// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.proto.coco.attestation.AttestationServiceGrpc;
import dev.realmesh.proto.coco.attestation.SetPolicyRequest;
import dev.realmesh.proto.coco.attestation.SetPolicyResponse;
import dev.realmesh.proto.coco.reference.ReferenceValueProviderServiceGrpc;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueQueryResponse;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterRequest;
import dev.realmesh.proto.coco.reference.ReferenceValueRegisterResponse;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// attestation-service's administration in Trustee's API, which says what a test tells it to.
final class ScriptedAdministration {
    /// What it was asked for, with what was shown.
    final List<String> calls = new CopyOnWriteArrayList<>();

    final Map<String, String> referenceValues = new ConcurrentHashMap<>();

    /// What it answers to changes.
    volatile Status answer = Status.OK;

    List<BindableService> services() {
        return List.of(noted(new Policies()), noted(new ReferenceValues()));
    }

    private BindableService noted(BindableService service) {
        return () -> ServerInterceptors.intercept(service, new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                String shown = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
                calls.add(call.getMethodDescriptor().getBareMethodName() + " by " + shown);
                return next.startCall(call, headers);
            }
        });
    }

    private <T> void answer(StreamObserver<T> observer, T done) {
        if (answer.isOk()) {
            observer.onNext(done);
            observer.onCompleted();
        } else {
            observer.onError(answer.asRuntimeException());
        }
    }

    private final class Policies extends AttestationServiceGrpc.AttestationServiceImplBase {
        @Override
        public void setAttestationPolicy(SetPolicyRequest request, StreamObserver<SetPolicyResponse> observer) {
            answer(observer, SetPolicyResponse.getDefaultInstance());
        }
    }

    private final class ReferenceValues
            extends ReferenceValueProviderServiceGrpc.ReferenceValueProviderServiceImplBase {
        @Override
        public void queryReferenceValue(
                ReferenceValueQueryRequest request, StreamObserver<ReferenceValueQueryResponse> observer) {
            ReferenceValueQueryResponse.Builder response = ReferenceValueQueryResponse.newBuilder();
            String value = referenceValues.get(request.getReferenceValueId());
            answer(
                    observer,
                    value == null
                            ? response.build()
                            : response.setReferenceValueResults(value).build());
        }

        @Override
        public void registerReferenceValue(
                ReferenceValueRegisterRequest request, StreamObserver<ReferenceValueRegisterResponse> observer) {
            answer(observer, ReferenceValueRegisterResponse.getDefaultInstance());
        }
    }
}
