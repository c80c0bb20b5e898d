// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.realmesh.proto.realm.v1.ReadLogsResponse;
import dev.realmesh.realm.container.ContainerLog;
import java.time.Instant;

/// A container's log as messages of a call.
final class LogPages {
    private LogPages() {}

    /// Sends what there is, and with `follow` what comes, until the container has ended.
    static void send(ContainerLog log, boolean follow, CallStream<ReadLogsResponse> stream)
            throws InterruptedException {
        ContainerLog.Page page = log.read(0);
        send(page, stream);
        while (follow && !page.last()) {
            page = log.await(page.next());
            send(page, stream);
        }
    }

    private static void send(ContainerLog.Page page, CallStream<ReadLogsResponse> stream) {
        boolean missed = page.missed();
        for (ContainerLog.Entry entry : page.entries()) {
            stream.send(message(entry, missed));
            missed = false;
        }
    }

    private static ReadLogsResponse message(ContainerLog.Entry entry, boolean missed) {
        ByteString bytes = ByteString.copyFrom(entry.bytes().duplicate());
        Instant at = entry.at();
        ReadLogsResponse.Builder message = ReadLogsResponse.newBuilder()
                .setMissed(missed)
                .setAt(Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()));
        return switch (entry.stream()) {
            case STDOUT -> message.setStdout(bytes).build();
            case STDERR -> message.setStderr(bytes).build();
        };
    }
}
