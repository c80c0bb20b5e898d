// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetManifestRequest;
import dev.realmesh.proto.image.v1.GetManifestResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.proto.image.v1.ImageServiceGrpc.ImageServiceBlockingStub;
import dev.realmesh.proto.image.v1.ListReferrersRequest;
import dev.realmesh.proto.image.v1.ListReferrersResponse;
import dev.realmesh.realm.image.ImageException;
import dev.realmesh.realm.image.ImageSource;
import dev.realmesh.realm.image.ServedManifest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Images by image-service's gRPC service.
public final class GrpcImageSource implements ImageSource {
    private static final long MANIFEST_SECONDS = 60;
    private static final long BLOB_MINUTES = 60;

    private final ImageServiceBlockingStub stub;
    private final Calls calls;

    /// Images over a channel.
    ///
    /// @param channel leads to image-service
    public GrpcImageSource(Channel channel, Calls calls) {
        this.stub = ImageServiceGrpc.newBlockingStub(channel);
        this.calls = calls;
    }

    @Override
    public ServedManifest manifest(Reference reference) {
        GetManifestRequest request = GetManifestRequest.newBuilder()
                .setReference(reference.toString())
                .build();
        GetManifestResponse response;
        try {
            response = calls.retrying(() ->
                    stub.withDeadlineAfter(MANIFEST_SECONDS, TimeUnit.SECONDS).getManifest(request));
        } catch (StatusRuntimeException e) {
            throw failure("manifest of " + reference, e);
        }
        if (response.getManifest().size() > Manifest.MAX_BYTES) {
            throw new OciException.LimitExceeded("size of the manifest of " + reference, Manifest.MAX_BYTES);
        }
        return new ServedManifest(
                response.getMediaType(),
                OciDigest.parse(response.getDigest()),
                response.getManifest().toByteArray());
    }

    /// A page without new ones is the end, whatever the host says of a next one.
    @Override
    public List<OciDigest> referrers(Reference image, OciDigest subject, String artifactType) {
        ListReferrersRequest.Builder request = ListReferrersRequest.newBuilder()
                .setReference(image.toString())
                .setSubject(subject.toString())
                .setArtifactType(artifactType)
                .setPageSize(MAX_REFERRERS);
        Set<OciDigest> found = new LinkedHashSet<>();
        boolean more = true;
        while (more) {
            ListReferrersResponse page = page(request.build());
            more = page.getReferrersList().stream()
                            .filter(referrer -> found.add(OciDigest.parse(referrer.getDigest())))
                            .count()
                    > 0;
            more &= !page.getNextPageToken().isEmpty();
            request.setPageToken(page.getNextPageToken());
            if (found.size() > MAX_REFERRERS) {
                throw new OciException.LimitExceeded("manifests about " + subject, MAX_REFERRERS);
            }
        }
        return List.copyOf(found);
    }

    private ListReferrersResponse page(ListReferrersRequest request) {
        try {
            return calls.retrying(() ->
                    stub.withDeadlineAfter(MANIFEST_SECONDS, TimeUnit.SECONDS).listReferrers(request));
        } catch (StatusRuntimeException e) {
            throw failure("referrers of " + request.getSubject(), e);
        }
    }

    @Override
    public BlobSource blobs(Reference reference) {
        return blob -> {
            GetBlobRequest request = GetBlobRequest.newBuilder()
                    .setReference(reference.toString())
                    .setDigest(blob.digest().toString())
                    .build();
            return new BlobInputStream(stub.withDeadlineAfter(BLOB_MINUTES, TimeUnit.MINUTES), request, calls);
        };
    }

    private static RuntimeException failure(String what, StatusRuntimeException e) {
        String problem = "image-service, " + what + ": " + Calls.description(e);
        return switch (e.getStatus().getCode()) {
            case NOT_FOUND -> new ImageException.NotFound(problem);
            case INVALID_ARGUMENT -> new OciException.BadReference(problem);
            case RESOURCE_EXHAUSTED -> new ImageException.NoRoom(problem, e);
            default -> new ImageException.Unavailable(problem, e);
        };
    }
}
