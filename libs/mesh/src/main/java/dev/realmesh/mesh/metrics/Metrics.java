// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// Metrics that are read together, in the form that the reader asks for. No label has values without bound: neither
/// what
/// a caller sends nor what a session or a Realm is called.
public final class Metrics {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();
    private static final int USUAL_BYTES = 16 << 10;

    private final PrometheusRegistry registry = new PrometheusRegistry();

    /// Those of a process: its memory, threads, collections, classes.
    public static Metrics ofProcess() {
        Metrics metrics = new Metrics();
        JvmMetrics.builder().register(metrics.registry);
        return metrics;
    }

    /// Where metrics register.
    public PrometheusRegistry registry() {
        return registry;
    }

    /// Adds metrics that are kept elsewhere.
    ///
    /// @throws IllegalArgumentException if one of that name is there
    public void add(List<? extends Collector> collectors) {
        collectors.forEach(registry::register);
    }

    /// Leaves metrics out from now on.
    public void remove(List<? extends Collector> collectors) {
        collectors.forEach(registry::unregister);
    }

    /// The metrics as they are now.
    ///
    /// @param accept what the reader takes, as in HTTP's `Accept`; OpenMetrics 1.0 if it says so, else Prometheus' text
    public Exposition read(Optional<String> accept) {
        ExpositionFormatWriter writer = FORMATS.findWriter(accept.orElse(null));
        ByteArrayOutputStream content = new ByteArrayOutputStream(USUAL_BYTES);
        try {
            writer.write(content, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Exposition(writer.getContentType(), content);
    }

    /// What a reader gets.
    public static final class Exposition {
        private final String contentType;
        private final byte[] content;

        private Exposition(String contentType, ByteArrayOutputStream content) {
            this.contentType = contentType;
            this.content = content.toByteArray();
        }

        /// Its media type.
        public String contentType() {
            return contentType;
        }

        /// Its bytes.
        public byte[] content() {
            return content.clone();
        }
    }
}
