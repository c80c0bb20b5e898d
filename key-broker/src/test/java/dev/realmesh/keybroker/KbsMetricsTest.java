// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.ear.Ear;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/metrics` of the KBS server, by the names of Trustee's KBS (its `kbs/src/prometheus`).
class KbsMetricsTest {
    private static final Set<String> NAMES = Set.of(
            "kbs_attestation_errors_total",
            "kbs_attestation_failures_total",
            "kbs_attestation_requests_total",
            "kbs_attestation_successes_total",
            "kbs_auth_errors_total",
            "kbs_auth_requests_total",
            "kbs_auth_successes_total",
            "kbs_build_info",
            "kbs_http_active_connections",
            "kbs_http_request_duration_seconds",
            "kbs_http_request_size_bytes",
            "kbs_http_requests_total",
            "kbs_http_response_size_bytes",
            "kbs_policy_approvals_total",
            "kbs_policy_errors_total",
            "kbs_policy_evaluations_total",
            "kbs_policy_violations_total",
            "kbs_resource_deletes_total",
            "kbs_resource_reads_total",
            "kbs_resource_writes_total");

    @TempDir
    Path folder;

    @Test
    void hasTrusteesNamesAndNoOthers() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder);
                KbsClientUnderTest client = new KbsClientUnderTest(broker)) {
            client.auth();
            Set<String> names = new TreeSet<>();
            read(client)
                    .lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .forEach(line -> names.add(line.split(" ", -1)[2]));

            assertThat(names).isEqualTo(new TreeSet<>(NAMES));
        }
    }

    @Test
    void countsWhatGuestsAndAdministratorsDo() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder);
                KbsClientUnderTest client = new KbsClientUnderTest(broker)) {
            broker.put("secret-repository/key/1", "x".getBytes(StandardCharsets.UTF_8));
            client.auth();
            assertThat(client.attest(broker.initdata).statusCode()).isEqualTo(200);
            assertThat(client.get("secret-repository/key/1").statusCode()).isEqualTo(200);
            assertThat(client.get("secret-repository/key/2").statusCode()).isEqualTo(401);
            client.send(
                    "POST", "/kbs/v0/auth", Map.of(), "{\"version\":\"0.1.0\",\"tee\":\"cca\",\"extra-params\":\"\"}");

            String read = read(client);
            assertThat(read)
                    .contains(
                            "kbs_auth_requests_total 2.0",
                            "kbs_auth_successes_total 1.0",
                            "kbs_auth_errors_total 1.0",
                            "kbs_attestation_requests_total 1.0",
                            "kbs_attestation_successes_total{tee_type=\"cca\"} 1.0",
                            "kbs_attestation_failures_total{tee_type=\"cca\"} 0.0",
                            "kbs_policy_evaluations_total 2.0",
                            "kbs_policy_approvals_total 2.0",
                            "kbs_policy_violations_total 0.0",
                            "kbs_resource_reads_total 2.0",
                            "kbs_resource_writes_total 1.0",
                            "kbs_resource_deletes_total 0.0",
                            "kbs_http_requests_total{status=\"200\"} 3.0",
                            "kbs_http_requests_total{status=\"401\"} 2.0",
                            "kbs_http_request_duration_seconds_count{status=\"200\"} 3",
                            "kbs_http_request_size_bytes_count 5",
                            "kbs_http_response_size_bytes_count 5",
                            "kbs_http_active_connections 0.0");
            assertThat(read).doesNotContain("secret-repository");
        }
    }

    @Test
    void tellsVerdictsFromWhatBroke() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder);
                KbsClientUnderTest client = new KbsClientUnderTest(broker)) {
            var submods = ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue());
            submods.put(Ear.REALM, ScriptedVerifier.submod(96));
            broker.verifier.answerSubmods(submods);
            assertThatThrownBy(() -> new GuestUnderTest(broker.guest()).attest(broker.initdata))
                    .isInstanceOf(StatusRuntimeException.class);
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            broker.stopVerifier();
            assertThatThrownBy(() -> guest.attest(broker.initdata)).isInstanceOf(StatusRuntimeException.class);

            assertThat(read(client))
                    .contains(
                            "kbs_attestation_requests_total 2.0",
                            "kbs_attestation_failures_total{tee_type=\"cca\"} 1.0",
                            "kbs_attestation_errors_total 1.0",
                            "kbs_attestation_successes_total{tee_type=\"cca\"} 0.0");
        }
    }

    @Test
    void isReadOnly() {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder);
                KbsClientUnderTest client = new KbsClientUnderTest(broker)) {
            assertThat(client.send("POST", "/metrics", Map.of(), "").statusCode())
                    .isEqualTo(405);
            HttpResponse<String> open =
                    client.send("GET", "/metrics", Map.of("Accept", "application/openmetrics-text; version=1.0.0"), "");
            assertThat(open.body()).endsWith("# EOF\n");
            assertThat(open.headers().firstValue("content-type").orElseThrow())
                    .startsWith("application/openmetrics-text");
        }
    }

    private static String read(KbsClientUnderTest client) {
        HttpResponse<String> answer = client.send("GET", "/metrics", Map.of(), "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        return answer.body();
    }
}
