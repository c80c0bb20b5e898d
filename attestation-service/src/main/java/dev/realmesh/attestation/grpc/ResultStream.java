// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.attestation.result.ResultFeed;
import dev.realmesh.attestation.result.ResultFilter;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.proto.attestation.v1.WatchResultsResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;

/// One watcher's stream. Results wait here while the watcher is slow, up to a limit; over it the stream ends, so that
/// neither appraisal nor memory ever pays for a watcher.
final class ResultStream {
    private static final int MOST_WAITING = 256;

    private final ServerCallStreamObserver<WatchResultsResponse> observer;
    private final Queue<StoredResult> waiting = new ArrayDeque<>();
    private boolean ended;

    private ResultStream(ServerCallStreamObserver<WatchResultsResponse> observer) {
        this.observer = observer;
    }

    static void start(ResultFeed feed, ResultFilter filter, ServerCallStreamObserver<WatchResultsResponse> observer) {
        ResultStream stream = new ResultStream(observer);
        ResultFeed.Watch watch = feed.watch(filter, stream::offer);
        observer.setOnReadyHandler(stream::drain);
        observer.setOnCancelHandler(() -> {
            watch.close();
            stream.end();
        });
        observer.setOnCloseHandler(watch::close);
    }

    private synchronized void offer(StoredResult result) {
        if (ended) {
            return;
        }
        if (waiting.size() == MOST_WAITING) {
            end();
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("watcher: " + MOST_WAITING + " results behind (expected: fewer)")
                    .asRuntimeException());
            return;
        }
        waiting.add(result);
        drain();
    }

    private synchronized void drain() {
        while (!ended && observer.isReady() && !waiting.isEmpty()) {
            observer.onNext(WatchResultsResponse.newBuilder()
                    .setResult(Messages.result(waiting.remove()))
                    .build());
        }
    }

    private synchronized void end() {
        ended = true;
        waiting.clear();
    }
}
