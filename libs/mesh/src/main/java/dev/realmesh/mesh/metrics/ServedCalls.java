// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.metrics;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// gRPC calls that a node serves, on the bus and at its edge, by the names that gRPC's Prometheus interceptors have:
/// `grpc_server_handled_total`, `grpc_server_handling_seconds`, and `grpc_server_in_flight`.
public final class ServedCalls implements ServerInterceptor {
    private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120};

    private final Counter handled;
    private final Histogram handling;
    private final Gauge inFlight;

    /// Counts into `metrics`.
    public ServedCalls(Metrics metrics) {
        handled = Counter.builder()
                .name("grpc_server_handled_total")
                .help("Calls that ended, by method and status")
                .labelNames("grpc_service", "grpc_method", "grpc_code")
                .register(metrics.registry());
        handling = Histogram.builder()
                .name("grpc_server_handling_seconds")
                .help("How long calls took, by method")
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .labelNames("grpc_service", "grpc_method")
                .register(metrics.registry());
        inFlight = Gauge.builder()
                .name("grpc_server_in_flight")
                .help("Calls that have begun and not ended, by method")
                .labelNames("grpc_service", "grpc_method")
                .register(metrics.registry());
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Ending ending = new Ending(call.getMethodDescriptor());
        ServerCall<Q, R> counted = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                super.close(status, trailers);
                ending.with(status.getCode());
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
            @Override
            public void onCancel() {
                ending.with(Status.Code.CANCELLED);
                super.onCancel();
            }
        };
    }

    /// A call is closed, or cancelled, or first the one and then the other; it ends once.
    private final class Ending {
        private final String service;
        private final String method;
        private final GaugeDataPoint running;
        private final long began = System.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();

        private Ending(MethodDescriptor<?, ?> descriptor) {
            service = String.valueOf(descriptor.getServiceName());
            method = String.valueOf(descriptor.getBareMethodName());
            running = inFlight.labelValues(service, method);
            running.inc();
        }

        private void with(Status.Code code) {
            if (ended.compareAndSet(false, true)) {
                handled.labelValues(service, method, code.name()).inc();
                handling.labelValues(service, method)
                        .observe((double) (System.nanoTime() - began) / TimeUnit.SECONDS.toNanos(1));
                // Last: who sees no call in flight sees what became of them.
                running.dec();
            }
        }
    }
}
