// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.release.ReleaseException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.mesh.edge.AdminGuard;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.DeleteResourceResponse;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesResponse;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceResponse;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `ResourceAdminService`: what the owner of the secrets does with them. Only ever served [#guarded].
public final class ResourceAdminGrpc extends ResourceAdminServiceGrpc.ResourceAdminServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceAdminGrpc.class);

    private final ResourceRepository resources;

    private ResourceAdminGrpc(ResourceRepository resources) {
        this.resources = resources;
    }

    /// The service for who has the token.
    public static BindableService guarded(ResourceRepository resources, AdminToken token) {
        ResourceAdminGrpc service = new ResourceAdminGrpc(resources);
        return () -> ServerInterceptors.intercept(service, new AdminGuard(token));
    }

    @Override
    public void putResource(PutResourceRequest request, StreamObserver<PutResourceResponse> observer) {
        Statuses.answer(observer, () -> {
            ResourcePath path = ResourcePath.parse(request.getPath());
            try (SecretBytes secret = SecretBytes.taking(request.getSecret().toByteArray())) {
                resources.put(path, secret);
            }
            LOG.info("{}: put", path);
            return PutResourceResponse.getDefaultInstance();
        });
    }

    @Override
    public void listResources(ListResourcesRequest request, StreamObserver<ListResourcesResponse> observer) {
        Statuses.answer(observer, () -> {
            ListResourcesResponse.Builder response = ListResourcesResponse.newBuilder();
            resources.list().forEach(path -> response.addPaths(path.toString()));
            return response.build();
        });
    }

    @Override
    public void deleteResource(DeleteResourceRequest request, StreamObserver<DeleteResourceResponse> observer) {
        Statuses.answer(observer, () -> {
            ResourcePath path = ResourcePath.parse(request.getPath());
            if (!resources.delete(path)) {
                throw new ReleaseException.NotFound(path);
            }
            LOG.info("{}: deleted", path);
            return DeleteResourceResponse.getDefaultInstance();
        });
    }
}
