// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.image.connect.Outbound;
import dev.realmesh.image.delivery.Delivery;
import dev.realmesh.image.delivery.DeliveryException;
import dev.realmesh.image.delivery.FindReferrers;
import dev.realmesh.image.registry.StoredManifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.proto.image.v1.ConnectRequest;
import dev.realmesh.proto.image.v1.ConnectResponse;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import dev.realmesh.proto.image.v1.GetManifestRequest;
import dev.realmesh.proto.image.v1.GetManifestResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.proto.image.v1.ListReferrersRequest;
import dev.realmesh.proto.image.v1.ListReferrersResponse;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `realmesh.image.v1.ImageService`. Each call runs on a virtual thread of its own, since a call's callbacks wait for
/// each other.
public final class ImageGrpc extends ImageServiceGrpc.ImageServiceImplBase implements AutoCloseable {
    static final Status CLOSING = Status.UNAVAILABLE.withDescription("image service: closing");

    private static final Logger LOG = LoggerFactory.getLogger(ImageGrpc.class);

    private final Delivery delivery;
    private final FindReferrers referrers;
    private final Outbound outbound;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param outbound how Realms get to hosts outside
    public ImageGrpc(Delivery delivery, FindReferrers referrers, Outbound outbound) {
        this.delivery = delivery;
        this.referrers = referrers;
        this.outbound = outbound;
    }

    /// The service, with what its calls need to know of their callers.
    public BindableService service() {
        return () -> ServerInterceptors.intercept(this, new CallingRealm());
    }

    @Override
    public void getManifest(GetManifestRequest request, StreamObserver<GetManifestResponse> answer) {
        threads.execute(() -> {
            try {
                StoredManifest manifest = delivery.manifest(Reference.parse(request.getReference()));
                answer.onNext(GetManifestResponse.newBuilder()
                        .setMediaType(manifest.mediaType())
                        .setDigest(manifest.digest().toString())
                        .setManifest(ByteString.copyFrom(manifest.content()))
                        .build());
                answer.onCompleted();
            } catch (RuntimeException e) {
                answer.onError(status(e));
            }
        });
    }

    @Override
    public void getBlob(GetBlobRequest request, StreamObserver<GetBlobResponse> answer) {
        BlobStream stream = new BlobStream((ServerCallStreamObserver<GetBlobResponse>) answer);
        threads.execute(() -> {
            try {
                Reference image = Reference.parse(request.getReference());
                OciDigest digest = OciDigest.parse(request.getDigest());
                stream.send(delivery.blob(image, digest), request.getOffset());
            } catch (StatusException e) {
                answer.onError(e);
            } catch (IOException e) {
                LOG.warn("blob {}: cannot be read", request.getDigest(), e);
                answer.onError(
                        Status.INTERNAL.withDescription("blob: cannot be read").asException());
            } catch (RuntimeException e) {
                answer.onError(status(e));
            }
        });
    }

    @Override
    public void listReferrers(ListReferrersRequest request, StreamObserver<ListReferrersResponse> answer) {
        threads.execute(() -> {
            try {
                FindReferrers.Page page = referrers.page(
                        ReferrerMessages.query(request),
                        ReferrerMessages.after(request),
                        ReferrerMessages.limit(request));
                answer.onNext(ReferrerMessages.response(page));
                answer.onCompleted();
            } catch (RuntimeException e) {
                answer.onError(status(e));
            }
        });
    }

    @Override
    public StreamObserver<ConnectRequest> connect(StreamObserver<ConnectResponse> answer) {
        ServerCallStreamObserver<ConnectResponse> call = (ServerCallStreamObserver<ConnectResponse>) answer;
        return CallingRealm.current()
                .map(realm -> ConnectCall.begin(outbound, realm, threads, call))
                .orElseGet(() -> {
                    answer.onError(Status.PERMISSION_DENIED
                            .withDescription("connect: the caller is no Realm (expected: one, on its guarded link)")
                            .asException());
                    return new Ignored<>();
                });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static StatusException status(RuntimeException refusal) {
        Status status = switch (refusal) {
            case OciException bad -> Status.INVALID_ARGUMENT;
            case DeliveryException.Unknown unknown -> Status.NOT_FOUND;
            case DeliveryException.NotAllowed denied -> Status.PERMISSION_DENIED;
            case DeliveryException.Refused denied -> Status.PERMISSION_DENIED;
            case DeliveryException.NoRoom full -> Status.RESOURCE_EXHAUSTED;
            case DeliveryException.Unavailable unavailable -> Status.UNAVAILABLE;
            default -> {
                LOG.error("image call: failed", refusal);
                yield Status.INTERNAL;
            }
        };
        return status.withDescription(status.getCode() == Status.Code.INTERNAL ? "failed" : refusal.getMessage())
                .asException();
    }

    /// What still comes of a call that was refused.
    private static final class Ignored<Q> implements StreamObserver<Q> {
        @Override
        public void onNext(Q message) {}

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
