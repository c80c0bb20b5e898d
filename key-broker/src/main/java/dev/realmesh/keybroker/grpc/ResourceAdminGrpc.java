// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.keybroker.admin.Administrator;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.release.ReleaseException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.proto.keybroker.v1.AuditEntry;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.DeleteResourceResponse;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesRequest;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesResponse;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesResponse;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceResponse;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;

/// `ResourceAdminService`: what the owner of the secrets does with them. Only ever served [#guarded].
public final class ResourceAdminGrpc extends ResourceAdminServiceGrpc.ResourceAdminServiceImplBase {
    private static final String RESOURCES = "/kbs/v0/resource/";
    private static final String AUDIT = "/kbs/v0/audit";
    private static final int MAX_PAGE = 1000;

    private final ResourceRepository resources;

    private final AuditLog audit;
    private final AdministratorGuard guard;

    private ResourceAdminGrpc(ResourceRepository resources, AuditLog audit, AdministratorGuard guard) {
        this.resources = resources;
        this.audit = audit;
        this.guard = guard;
    }

    /// The service for administrators.
    public static BindableService guarded(ResourceRepository resources, AuditLog audit, Administrators administrators) {
        AdministratorGuard guard = new AdministratorGuard(administrators);
        ResourceAdminGrpc service = new ResourceAdminGrpc(resources, audit, guard);
        return () -> ServerInterceptors.intercept(service, guard);
    }

    @Override
    public void putResource(PutResourceRequest request, StreamObserver<PutResourceResponse> observer) {
        Statuses.answer(observer, () -> {
            ResourcePath path = ResourcePath.parse(request.getPath());
            Administrator caller = guard.require(RESOURCES + path);
            try (SecretBytes secret = SecretBytes.taking(request.getSecret().toByteArray())) {
                resources.put(path, secret, caller.actor());
            }
            return PutResourceResponse.getDefaultInstance();
        });
    }

    @Override
    public void listResources(ListResourcesRequest request, StreamObserver<ListResourcesResponse> observer) {
        Statuses.answer(observer, () -> {
            guard.require(RESOURCES);
            ListResourcesResponse.Builder response = ListResourcesResponse.newBuilder();
            resources.list().forEach(path -> response.addPaths(path.toString()));
            return response.build();
        });
    }

    @Override
    public void deleteResource(DeleteResourceRequest request, StreamObserver<DeleteResourceResponse> observer) {
        Statuses.answer(observer, () -> {
            ResourcePath path = ResourcePath.parse(request.getPath());
            Administrator caller = guard.require(RESOURCES + path);
            if (!resources.delete(path, caller.actor())) {
                throw new ReleaseException.NotFound(path);
            }
            return DeleteResourceResponse.getDefaultInstance();
        });
    }

    @Override
    public void listAuditEntries(ListAuditEntriesRequest request, StreamObserver<ListAuditEntriesResponse> observer) {
        Statuses.answer(observer, () -> {
            guard.require(AUDIT);
            int most = request.getPageSize() <= 0 ? MAX_PAGE : Math.min(request.getPageSize(), MAX_PAGE);
            ListAuditEntriesResponse.Builder response = ListAuditEntriesResponse.newBuilder();
            audit.page(Math.max(request.getAfter(), 0), most).forEach(stored -> response.addEntries(message(stored)));
            return response.build();
        });
    }

    private static AuditEntry message(AuditLog.Stored stored) {
        AuditEvent event = stored.entry().event();
        return AuditEntry.newBuilder()
                .setSequence(stored.entry().sequence())
                .setTimeMillis(stored.entry().time().toEpochMilli())
                .setActor(event.actor())
                .setAction(event.action().name())
                .setSubject(event.subject())
                .setOutcome(event.outcome().name())
                .setDetail(event.detail())
                .setHash(ByteString.copyFrom(stored.hash()))
                .build();
    }
}
