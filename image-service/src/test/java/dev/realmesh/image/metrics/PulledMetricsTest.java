// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.image.registry.PulledBlobs;
import dev.realmesh.image.registry.RegistryLimits;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the copies of other registries' blobs look like to Prometheus.
class PulledMetricsTest {
    private static final Reference IMAGE = Reference.parse("quay.io/team/app:v1");

    @TempDir
    Path folder;

    @Test
    void countBytesAndWhatMadeRoom() throws IOException {
        PulledBlobs pulled = PulledBlobs.open(folder, new RegistryLimits(100, 1, 10), InstantSource.system());
        for (int size = 6; size <= 8; size++) {
            byte[] blob = new byte[size];
            pulled.take(IMAGE, OciDigest.of(blob), new ByteArrayInputStream(blob));
        }

        Map<String, Double> values = PulledMetrics.of(pulled).stream()
                .map(Collector::collect)
                .collect(Collectors.toMap(each -> each.getMetadata().getPrometheusName(), PulledMetricsTest::value));

        assertThat(values)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("image_pulled_bytes", 8.0, "image_pulled_evicted", 2.0, "image_pulled_damaged", 0.0));
    }

    private static double value(MetricSnapshot snapshot) {
        return switch (snapshot) {
            case GaugeSnapshot gauge -> gauge.getDataPoints().getFirst().getValue();
            case CounterSnapshot counter -> counter.getDataPoints().getFirst().getValue();
            default -> throw new AssertionError(snapshot);
        };
    }
}
