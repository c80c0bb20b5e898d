// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc.RealmAgentServiceImplBase;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.RunContainerResponse;
import dev.realmesh.realm.container.RunContainer;
import dev.realmesh.realm.container.RunRequest;
import dev.realmesh.realm.container.SecretFile;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `RealmAgentService`: a call is a run, on a virtual thread of its own; a cancelled call interrupts that thread.
public final class RealmAgentGrpc extends RealmAgentServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(RealmAgentGrpc.class);
    private static final int MAX_RUNS = 16;

    private final RunContainer runContainer;
    private final Semaphore runs = new Semaphore(MAX_RUNS);

    public RealmAgentGrpc(RunContainer runContainer) {
        this.runContainer = runContainer;
    }

    @Override
    public void runContainer(RunContainerRequest request, StreamObserver<RunContainerResponse> observer) {
        var call = (ServerCallStreamObserver<RunContainerResponse>) observer;
        CallEvents events = new CallEvents(call);
        Thread run = Thread.ofVirtual().name("run-container").unstarted(() -> run(request, call, events));
        call.setOnReadyHandler(events::wake);
        call.setOnCancelHandler(run::interrupt);
        run.start();
    }

    private void run(
            RunContainerRequest request, ServerCallStreamObserver<RunContainerResponse> call, CallEvents events) {
        if (!runs.tryAcquire()) {
            call.onError(Status.FAILED_PRECONDITION
                    .withDescription("containers that run: " + MAX_RUNS + " (expected: fewer)")
                    .asRuntimeException());
            return;
        }
        try {
            int exitCode = runContainer.run(domain(request), events);
            events.exited(exitCode);
        } catch (RuntimeException e) {
            Status status = Statuses.of(e);
            LOG.atWarn()
                    .setCause(status.getCode() == Status.Code.INTERNAL ? e : null)
                    .log("run of {}: {}: {}", request.getImage(), status.getCode(), status.getDescription());
            events.failed(status);
        } finally {
            runs.release();
        }
    }

    private static RunRequest domain(RunContainerRequest request) {
        return new RunRequest(
                request.getImage(),
                request.getCommandList(),
                request.getEnvironmentList(),
                request.getDecryptionKeysList(),
                request.getSecretFilesList().stream()
                        .map(file -> new SecretFile(file.getPath(), file.getSealed()))
                        .toList());
    }
}
