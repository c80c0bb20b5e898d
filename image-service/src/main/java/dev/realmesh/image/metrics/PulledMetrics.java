// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.metrics;

import dev.realmesh.image.registry.PulledBlobs;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.LongSupplier;

/// Copies of other registries' blobs, as Prometheus sees them.
public final class PulledMetrics {
    private PulledMetrics() {}

    /// The metrics, to be read.
    public static List<Collector> of(PulledBlobs pulled) {
        return List.of(
                GaugeWithCallback.builder()
                        .name("image_pulled_bytes")
                        .help("Copies of other registries' blobs")
                        .unit(Unit.BYTES)
                        .callback(callback -> callback.call(bytes(pulled)))
                        .build(),
                counter("image_pulled_evicted_total", "Copies that made room for others", pulled::evicted),
                counter("image_pulled_damaged_total", "Copies that had changed on their disk", pulled::damaged));
    }

    private static Collector counter(String name, String help, LongSupplier count) {
        return CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) count.getAsLong()))
                .build();
    }

    private static double bytes(PulledBlobs pulled) {
        try {
            return (double) pulled.bytes();
        } catch (IOException e) {
            throw new UncheckedIOException("pulled blobs: cannot be counted", e);
        }
    }
}
