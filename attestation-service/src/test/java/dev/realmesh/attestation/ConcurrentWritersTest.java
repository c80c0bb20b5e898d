// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.proto.attestation.v1.WatchResultsRequest;
import dev.realmesh.proto.attestation.v1.WatchResultsResponse;
import dev.realmesh.storage.Postgresql;
import dev.realmesh.storage.PostgresqlConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many store at once, through two instances, while one watches.
@Timeout(60)
class ConcurrentWritersTest {
    private static final int WRITERS = 8;
    private static final int EACH = 100;

    @TempDir
    private Path folder;

    @Test
    void aWatcherMissesNothingThatBothInstancesStore() {
        PostgresqlConfig database = Postgresql.freshDatabase();
        try (ServiceFixture first = open("first", database);
                ServiceFixture second = open("second", database)) {
            Queue<String> stored = new ConcurrentLinkedQueue<>();
            String start = store(first);
            Iterator<WatchResultsResponse> watch = first.attestation()
                    .withDeadlineAfter(40, TimeUnit.SECONDS)
                    .watchResults(WatchResultsRequest.newBuilder()
                            .setAfterResultId(start)
                            .build());
            List<String> seen = new ArrayList<>();
            try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < WRITERS; i++) {
                    ServiceFixture instance = i % 2 == 0 ? first : second;
                    writers.execute(() -> store(instance, stored));
                }
                while (seen.size() < WRITERS * EACH) {
                    seen.add(watch.next().getResult().getResultId());
                }
            }

            assertThat(seen).containsExactlyInAnyOrderElementsOf(stored);
        }
    }

    private ServiceFixture open(String name, PostgresqlConfig database) {
        return ServiceFixture.open(
                ServiceFixture.config(folder.resolve(name), List.of(), Optional.of(database)), InstantSource.system());
    }

    private static void store(ServiceFixture instance, Queue<String> stored) {
        for (int i = 0; i < EACH; i++) {
            stored.add(store(instance));
        }
    }

    private static String store(ServiceFixture instance) {
        return instance.appraise("malformed-garbage").getResult().getResultId();
    }
}
