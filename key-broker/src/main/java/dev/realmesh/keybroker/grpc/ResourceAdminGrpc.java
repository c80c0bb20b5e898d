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
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.keybroker.resource.RotateMasterKey;
import dev.realmesh.proto.keybroker.v1.AuditEntry;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.DeleteResourceResponse;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesRequest;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesResponse;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesResponse;
import dev.realmesh.proto.keybroker.v1.ListVersionsRequest;
import dev.realmesh.proto.keybroker.v1.ListVersionsResponse;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceResponse;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import dev.realmesh.proto.keybroker.v1.RestoreVersionRequest;
import dev.realmesh.proto.keybroker.v1.RestoreVersionResponse;
import dev.realmesh.proto.keybroker.v1.RotateMasterKeyRequest;
import dev.realmesh.proto.keybroker.v1.RotateMasterKeyResponse;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/// `ResourceAdminService`: what the owner of the secrets does with them. Only ever served [#guarded].
public final class ResourceAdminGrpc extends ResourceAdminServiceGrpc.ResourceAdminServiceImplBase {
    private static final String RESOURCES = "/kbs/v0/resource/";
    private static final String MASTER_KEY = "/kbs/v0/master-key";
    private static final String AUDIT = "/kbs/v0/audit";
    private static final int MAX_PAGE = 1000;

    private final ResourceRepository resources;
    private final Optional<RotateMasterKey> rotation;
    private final boolean underMasterKey;
    private final AuditLog audit;
    private final AdministratorGuard guard;

    private ResourceAdminGrpc(Parts parts, AdministratorGuard guard) {
        this.resources = parts.resources();
        this.rotation = parts.rotation();
        this.underMasterKey = parts.underMasterKey();
        this.audit = parts.audit();
        this.guard = guard;
    }

    /// What is administered.
    ///
    /// @param rotation of the master key; absent if there is none, or the key is not the broker's own
    /// @param underMasterKey whether there is one
    public record Parts(
            ResourceRepository resources, Optional<RotateMasterKey> rotation, boolean underMasterKey, AuditLog audit) {}

    /// The service for administrators.
    public static BindableService guarded(Parts parts, Administrators administrators) {
        AdministratorGuard guard = new AdministratorGuard(administrators);
        ResourceAdminGrpc service = new ResourceAdminGrpc(parts, guard);
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
    public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> observer) {
        Statuses.answer(observer, () -> {
            ResourcePath path = ResourcePath.parse(request.getPath());
            guard.require(RESOURCES + path);
            List<ResourceRepository.Version> versions = resources.versions(path);
            if (versions.isEmpty()) {
                throw new ReleaseException.NotFound(path);
            }
            ListVersionsResponse.Builder response = ListVersionsResponse.newBuilder();
            versions.forEach(version -> response.addVersionsBuilder()
                    .setNumber(version.number())
                    .setStoredAtMillis(version.storedAt().toEpochMilli()));
            return response.build();
        });
    }

    @Override
    public void restoreVersion(RestoreVersionRequest request, StreamObserver<RestoreVersionResponse> observer) {
        Statuses.answer(observer, () -> {
            ResourcePath path = ResourcePath.parse(request.getPath());
            Administrator caller = guard.require(RESOURCES + path);
            long number = resources
                    .restore(path, request.getNumber(), caller.actor())
                    .orElseThrow(() -> new ReleaseException.NotFound(path));
            return RestoreVersionResponse.newBuilder().setNumber(number).build();
        });
    }

    @Override
    public void rotateMasterKey(RotateMasterKeyRequest request, StreamObserver<RotateMasterKeyResponse> observer) {
        Statuses.answer(observer, () -> {
            Administrator caller = guard.require(MASTER_KEY);
            String id = rotation.orElseThrow(this::noRotation).rotate(caller.actor());
            return RotateMasterKeyResponse.newBuilder().setMasterKeyId(id).build();
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

    private ResourceException noRotation() {
        return underMasterKey ? new ResourceException.SharedMasterKey() : new ResourceException.NoMasterKey();
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
                .setHash(ByteString.copyFrom(stored.hash().toByteArray()))
                .build();
    }
}
