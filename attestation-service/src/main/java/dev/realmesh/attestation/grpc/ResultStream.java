// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.attestation.result.ResultFeed;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.proto.attestation.v1.WatchResultsResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.Semaphore;

/// One watcher's stream: reads on as fast as the watcher does.
final class ResultStream {
    private final ResultFeed.Watch watch;
    private final ServerCallStreamObserver<WatchResultsResponse> observer;
    private final Semaphore wakings = new Semaphore(0);
    private final Thread reader = Thread.ofVirtual().name("watch-results").unstarted(this::run);

    private ResultStream(ResultFeed.Watch watch, ServerCallStreamObserver<WatchResultsResponse> observer) {
        this.watch = watch;
        this.observer = observer;
    }

    static void start(ResultFeed.Watch watch, ServerCallStreamObserver<WatchResultsResponse> observer) {
        ResultStream stream = new ResultStream(watch, observer);
        observer.setOnReadyHandler(stream.wakings::release);
        observer.setOnCancelHandler(stream.reader::interrupt);
        stream.reader.start();
    }

    private void run() {
        try (watch) {
            Statuses.guard(observer, this::follow);
        }
    }

    private void follow() {
        try {
            for (List<StoredResult> results = watch.next(); !results.isEmpty(); results = watch.next()) {
                for (StoredResult result : results) {
                    awaitReady();
                    observer.onNext(WatchResultsResponse.newBuilder()
                            .setResult(Messages.result(result))
                            .build());
                }
            }
            observer.onError(Status.UNAVAILABLE
                    .withDescription("attestation-service: ends (try again, after the last result)")
                    .asRuntimeException());
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady() throws InterruptedException {
        while (!observer.isReady()) {
            wakings.acquire();
        }
    }
}
