// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.RealmId;
import dev.realmesh.host.launch.RealmRegistry;
import dev.realmesh.proto.host.v1.RealmDescription;
import dev.realmesh.proto.host.v1.WatchRealmRequest;
import dev.realmesh.proto.host.v1.WatchRealmResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks at a Realm again and again, and tells a client what is new, until the Realm is gone.
final class RealmWatch {
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(50);
    private static final Duration MOST_INTERVAL = Duration.ofMinutes(1);

    private final DebuggingPort port;
    private final RealmRegistry registry;
    private final RealmId realm;
    private final Duration interval;

    /// @throws LaunchException.BadRequest if the interval is out of bounds
    RealmWatch(DebuggingPort port, RealmRegistry registry, WatchRealmRequest request) {
        this.port = port;
        this.registry = registry;
        this.realm = new RealmId(request.getRealmId());
        this.interval = request.hasInterval()
                ? Duration.ofSeconds(
                        request.getInterval().getSeconds(),
                        request.getInterval().getNanos())
                : USUAL_INTERVAL;
        if (interval.compareTo(LEAST_INTERVAL) < 0 || interval.compareTo(MOST_INTERVAL) > 0) {
            throw new LaunchException.BadRequest("interval: " + interval + " (expected: 50 ms to 1 min)");
        }
    }

    /// Watches to the end; blocks meanwhile.
    ///
    /// @throws LaunchException.NoSuchRealm if it is not there when this begins
    void run(ServerCallStreamObserver<WatchRealmResponse> client) {
        @Nullable RealmDescription told = null;
        RealmDescription now = port.realm(realm);
        try {
            do {
                if (client.isReady() && !now.equals(told)) {
                    client.onNext(
                            WatchRealmResponse.newBuilder().setDescription(now).build());
                    told = now;
                }
                if (registry.awaitGone(realm, interval)) {
                    break;
                }
                now = port.realm(realm);
            } while (!client.isCancelled());
        } catch (LaunchException.NoSuchRealm gone) {
            // Between two looks it has gone: that is the end that was waited for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            client.onError(
                    Status.UNAVAILABLE.withDescription("the host shuts down").asRuntimeException());
            return;
        }
        if (!client.isCancelled()) {
            client.onCompleted();
        }
    }
}
