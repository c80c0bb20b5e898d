// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.LaunchException.AgentFailed.Reason;
import dev.realmesh.host.launch.RealmLink;
import dev.realmesh.host.launch.RunEvent;
import dev.realmesh.host.launch.WorkloadSpec;
import dev.realmesh.mesh.link.AllowList;
import dev.realmesh.mesh.link.HostLink;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import dev.realmesh.proto.realm.v1.LayerProgress;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.proto.realm.v1.SecretFile;
import dev.realmesh.proto.realm.v1.StepFinished;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/// A Realm's guarded link, spoken in gRPC. Its guest reaches key-broker and image-service and nothing else.
public final class GuardedLink implements RealmLink {
    private static final AllowList GUEST_MAY_CALL =
            AllowList.of(KeyBrokerServiceGrpc.SERVICE_NAME, ImageServiceGrpc.SERVICE_NAME);

    private final HostLink link;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GuardedLink(HostLink link, Runnable onClose) {
        this.link = link;
        this.onClose = onClose;
    }

    /// Opens links whose guests' calls go to these services.
    ///
    /// @param agents has the agents of the links that are open
    public static RealmLink.Opener to(Channel keyBroker, Channel imageService, RealmAgents agents) {
        Function<String, Channel> bus =
                service -> service.equals(KeyBrokerServiceGrpc.SERVICE_NAME) ? keyBroker : imageService;
        return (socket, id) -> {
            HostLink link = HostLink.listen(socket, GUEST_MAY_CALL, bus, id.value());
            agents.add(id, link.agent());
            return new GuardedLink(link, () -> agents.remove(id));
        };
    }

    @Override
    public CompletableFuture<Void> connected() {
        return link.connected();
    }

    @Override
    public void runContainer(WorkloadSpec spec, Consumer<RunEvent> events) {
        boolean exited = false;
        try {
            Iterator<RunContainerResponse> responses =
                    RealmAgentServiceGrpc.newBlockingStub(link.agent()).runContainer(request(spec));
            while (responses.hasNext()) {
                RunContainerResponse response = responses.next();
                exited = response.hasExited();
                events.accept(event(response));
            }
        } catch (StatusRuntimeException e) {
            throw failed(e.getStatus());
        }
        if (!exited) {
            throw new LaunchException.AgentFailed(Reason.FAILED, "agent: ended without the container's exit code");
        }
    }

    private static RunContainerRequest request(WorkloadSpec spec) {
        return RunContainerRequest.newBuilder()
                .setImage(spec.image())
                .addAllCommand(spec.command())
                .addAllEnvironment(spec.environment())
                .addAllDecryptionKeys(spec.decryptionKeys())
                .addAllSecretFiles(
                        spec.secretFiles().stream().map(GuardedLink::secretFile).toList())
                .build();
    }

    private static SecretFile secretFile(WorkloadSpec.SecretFile file) {
        return SecretFile.newBuilder()
                .setPath(file.path())
                .setSealed(file.sealed())
                .build();
    }

    private static RunEvent event(RunContainerResponse response) {
        return switch (response.getEventCase()) {
            case STEP -> step(response.getStep());
            case ATTESTED -> new RunEvent.Attested(response.getAttested().getResultId());
            case LAYER -> {
                LayerProgress layer = response.getLayer();
                yield new RunEvent.LayerProgress(layer.getDigest(), layer.getBytes(), layer.getSize());
            }
            case STDOUT -> new RunEvent.Output(Bytes.copyOf(response.getStdout().toByteArray()));
            case STDERR ->
                new RunEvent.ErrorOutput(Bytes.copyOf(response.getStderr().toByteArray()));
            case EXITED -> new RunEvent.Exited(response.getExited().getExitCode());
            case EVENT_NOT_SET -> throw new LaunchException.AgentFailed(Reason.FAILED, "agent: an event of no kind");
        };
    }

    private static RunEvent step(StepFinished step) {
        Duration elapsed = Duration.ofSeconds(
                step.getElapsed().getSeconds(), step.getElapsed().getNanos());
        return new RunEvent.StepFinished(step.getStep(), elapsed, step.getDetail());
    }

    private static LaunchException failed(Status status) {
        String description = status.getDescription();
        Reason reason = switch (status.getCode()) {
            case PERMISSION_DENIED, DATA_LOSS, FAILED_PRECONDITION -> Reason.REFUSED;
            case INVALID_ARGUMENT, UNIMPLEMENTED -> Reason.BAD_REQUEST;
            case RESOURCE_EXHAUSTED -> Reason.NO_ROOM;
            case UNAVAILABLE -> Reason.UNAVAILABLE;
            case CANCELLED -> Reason.GONE;
            default -> Reason.FAILED;
        };
        return new LaunchException.AgentFailed(
                reason, description == null ? status.getCode().toString() : description);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
            link.close();
        }
    }
}
