// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.metrics;

import dev.realmesh.mesh.http.HttpMeter;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/// What a broker counts, by the names of Trustee's KBS. Trustee's label `resource_path` is left out: it has as many
/// values
/// as there are secrets, and tells who may not list them what they are called.
public final class KbsMetrics implements HttpMeter {
    private static final double[] SECONDS = {0.0005, 0.001, 0.005, 0.01, 0.05, 0.5, 1};
    private static final double[] BYTES = {32, 128, 512, 2048, 8192};
    private static final double NANOS = 1e9;
    private static final String COUNTED_PATHS = "/kbs";
    private static final String TEE = "cca";

    private final List<Collector> all = new ArrayList<>();
    private final Counter resourceReads = counter("kbs_resource_reads_total", "KBS resource read count");
    private final Counter resourceWrites = counter("kbs_resource_writes_total", "KBS resource write count");
    private final Counter resourceDeletes = counter("kbs_resource_deletes_total", "KBS resource delete count");
    private final Counter policyEvaluations =
            counter("kbs_policy_evaluations_total", "Total count of KBS policy evaluations");
    private final Counter policyApprovals =
            counter("kbs_policy_approvals_total", "Total count of requests approved by KBS policy");
    private final Counter policyViolations =
            counter("kbs_policy_violations_total", "Total count of requests denied by KBS policy");
    private final Counter policyErrors =
            counter("kbs_policy_errors_total", "Total count of errors during KBS evaluation");
    private final Counter attestationRequests =
            counter("kbs_attestation_requests_total", "Total count of attestation requests");
    private final Counter attestationSuccesses =
            counter("kbs_attestation_successes_total", "Total count of attestation successes", "tee_type");
    private final Counter attestationFailures =
            counter("kbs_attestation_failures_total", "Total count of attestation failures", "tee_type");
    private final Counter attestationErrors =
            counter("kbs_attestation_errors_total", "Total count of errors during attestation processing");
    private final Counter authRequests = counter("kbs_auth_requests_total", "Total count of auth requests");
    private final Counter authSuccesses =
            counter("kbs_auth_successes_total", "Total count of successfully authenticated requests");
    private final Counter authErrors = counter("kbs_auth_errors_total", "Total count of errors during auth processing");
    private final Counter httpRequests =
            counter("kbs_http_requests_total", "Total HTTP requests count, by status", "status");
    private final Histogram httpDuration = kept(Histogram.builder()
            .name("kbs_http_request_duration_seconds")
            .help("Distribution of request handling duration, by status")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .labelNames("status")
            .build());
    private final Histogram requestSizes = sizes("kbs_http_request_size_bytes", "Distribution of request body sizes");
    private final Histogram responseSizes =
            sizes("kbs_http_response_size_bytes", "Distribution of response body sizes");
    private final Gauge activeConnections = kept(Gauge.builder()
            .name("kbs_http_active_connections")
            .help("Count of HTTP connections being processed at the moment")
            .build());

    /// None counted yet.
    public KbsMetrics() {
        attestationSuccesses.initLabelValues(TEE);
        attestationFailures.initLabelValues(TEE);
        String version = KbsMetrics.class.getPackage().getImplementationVersion();
        kept(Info.builder()
                        .name("kbs_build_info")
                        .help("KBS binary build info")
                        .labelNames("version")
                        .build())
                .setLabelValues(version == null ? "unknown" : version);
    }

    /// The metrics, to be read.
    public List<Collector> collectors() {
        return List.copyOf(all);
    }

    public void resourceRead() {
        resourceReads.inc();
    }

    public void resourceWritten() {
        resourceWrites.inc();
    }

    public void resourceDeleted() {
        resourceDeletes.inc();
    }

    /// A policy was asked.
    public void policyAsked() {
        policyEvaluations.inc();
    }

    /// It said yes.
    public void policyApproved() {
        policyApprovals.inc();
    }

    /// It said no.
    public void policyViolated() {
        policyViolations.inc();
    }

    /// It said nothing.
    public void policyFailed() {
        policyErrors.inc();
    }

    /// A guest asks for a challenge.
    public void authRequested() {
        authRequests.inc();
    }

    /// It got one.
    public void authSucceeded() {
        authSuccesses.inc();
    }

    /// It got none.
    public void authFailed() {
        authErrors.inc();
    }

    /// A guest shows evidence.
    public void attestationRequested() {
        attestationRequests.inc();
    }

    /// The evidence convinced.
    public void attestationSucceeded() {
        attestationSuccesses.labelValues(TEE).inc();
    }

    /// The evidence did not convince.
    public void attestationFailed() {
        attestationFailures.labelValues(TEE).inc();
    }

    /// It did not come to an appraisal, or nothing could be made of that.
    public void attestationBroke() {
        attestationErrors.inc();
    }

    @Override
    public void began(String path) {
        if (path.startsWith(COUNTED_PATHS)) {
            activeConnections.inc();
        }
    }

    @Override
    public void ended(Answered request) {
        if (!request.path().startsWith(COUNTED_PATHS)) {
            return;
        }
        String status = Integer.toString(request.status());
        httpRequests.labelValues(status).inc();
        httpDuration.labelValues(status).observe(request.took().toNanos() / NANOS);
        requestSizes.observe((double) request.requestBytes());
        responseSizes.observe((double) request.responseBytes());
        activeConnections.dec();
    }

    private Counter counter(String name, String help, String... labels) {
        return kept(Counter.builder().name(name).help(help).labelNames(labels).build());
    }

    private Histogram sizes(String name, String help) {
        return kept(Histogram.builder()
                .name(name)
                .help(help)
                .unit(Unit.BYTES)
                .classicOnly()
                .classicUpperBounds(BYTES)
                .build());
    }

    private <C extends Collector> C kept(C collector) {
        all.add(collector);
        return collector;
    }
}
