// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.coco.CocoConfig;
import dev.realmesh.attestation.rest.RestConfig;
import dev.realmesh.attestation.veraison.VeraisonConfig;
import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.storage.PostgresqlConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Section `attestation-service`, from YAML and the environment; a wrong value names its key.
class AttestationServiceConfigTest {
    private static final String SECTION = """
            attestation-service:
              state-folder: /state
              endorsement-folders: [/e1, /e2]
              corim-roots: [root.pem]
              appraisal: veraison-compatible
              max-watchers: 3
              retention: 365d
              database:
                url: jdbc:postgresql://db.example/realmesh?sslmode=verify-full
                user: realmesh
                password-file: db.password
              veraison:
                verification: https://veraison.example:8443
                ear-key: veraison.jwk
                attempts: 5
              rest:
                host: 127.0.0.1
                port: 0
                authentication: [basic]
                session-time: 30s
            """;

    @Test
    void bindsAllItsSections() {
        AttestationServiceConfig config = bind(SECTION, Map.of());

        assertThat(config.stateFolder()).isEqualTo(Path.of("/state"));
        assertThat(config.endorsementFolders()).containsExactly(Path.of("/e1"), Path.of("/e2"));
        assertThat(config.corimRoots()).containsExactly(Path.of("root.pem"));
        assertThat(config.appraisal()).isEqualTo(AppraisalMode.VERAISON_COMPATIBLE);
        assertThat(config.maxWatchers()).isEqualTo(3);
        assertThat(config.retention()).hasValue(Duration.ofDays(365));
        assertThat(config.database())
                .hasValue(new PostgresqlConfig(
                        "jdbc:postgresql://db.example/realmesh?sslmode=verify-full",
                        "realmesh",
                        Path.of("db.password"),
                        8));
        VeraisonConfig veraison = config.veraison().orElseThrow();
        assertThat(veraison.verification()).isEqualTo(URI.create("https://veraison.example:8443"));
        assertThat(veraison.provisioning()).isEmpty();
        assertThat(veraison.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(veraison.attempts()).isEqualTo(5);
        RestConfig rest = config.rest().orElseThrow();
        assertThat(rest.port()).isZero();
        assertThat(rest.sessionTime()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theEnvironmentOverridesIt() {
        AttestationServiceConfig config = bind(
                SECTION,
                Map.of(
                        "REALMESH_ATTESTATION_SERVICE_DATABASE_POOL_SIZE", "20",
                        "REALMESH_ATTESTATION_SERVICE_VERAISON_PROVISIONING", "https://veraison.example:9443",
                        "REALMESH_ATTESTATION_SERVICE_REST_SESSION_TIME", "1m",
                        "REALMESH_ATTESTATION_SERVICE_RETENTION", "90m",
                        "REALMESH_ATTESTATION_SERVICE_ENDORSEMENT_FOLDERS", "/other"));

        assertThat(config.database().orElseThrow().poolSize()).isEqualTo(20);
        assertThat(config.veraison().orElseThrow().provisioning())
                .hasValue(URI.create("https://veraison.example:9443"));
        assertThat(config.rest().orElseThrow().sessionTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.retention()).hasValue(Duration.ofMinutes(90));
        assertThat(config.endorsementFolders()).containsExactly(Path.of("/other"));
    }

    @Test
    void theEnvironmentAloneIsEnough() {
        AttestationServiceConfig config = bind(
                "",
                Map.of(
                        "REALMESH_ATTESTATION_SERVICE_STATE_FOLDER", "/state",
                        "REALMESH_ATTESTATION_SERVICE_DATABASE_URL", "jdbc:postgresql://db.example/realmesh",
                        "REALMESH_ATTESTATION_SERVICE_DATABASE_USER", "realmesh",
                        "REALMESH_ATTESTATION_SERVICE_DATABASE_PASSWORD_FILE", "db.password"));

        assertThat(config.database().orElseThrow().user()).isEqualTo("realmesh");
        assertThat(config.withRest(RestConfig.loopback(0)).withEndorsements(List.of()))
                .isEqualTo(new AttestationServiceConfig(
                        Path.of("/state"),
                        List.of(),
                        List.of(),
                        AppraisalMode.STRICT,
                        64,
                        Optional.empty(),
                        config.database(),
                        Optional.empty(),
                        CocoConfig.withDefaults(),
                        Optional.of(RestConfig.loopback(0)),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DATABASE_POOL_SIZE | 1 | database.pool-size: 1 (expected: 2-100)",
                "DATABASE_POOL_SIZE | many | database.pool-size: many (expected: a whole number)",
                "DATABASE_URL | jdbc:postgresql://u?password=s3cret | database.url: another one (expected: jdbc:postgresql://",
                "VERAISON_VERIFICATION | ftp://veraison.example | veraison.verification: 'ftp://veraison.example' (expected: http",
                "VERAISON_TIMEOUT | 6m | veraison.timeout: PT6M (expected: 100ms-5m)",
                "VERAISON_ATTEMPTS | 11 | veraison.attempts: 11 (expected: 1-10)",
                "REST_PORT | 70000 | rest.port: 70000 (expected: 0-65535)",
                "REST_SESSION_TIME | soon | rest.session-time: soon (expected: a number with ms, s, m, h or d)",
                "RETENTION | 59s | retention: PT59S (expected: 1m or longer)",
                "APPRAISAL | lax | appraisal: lax (expected: strict, veraison-compatible)",
                "MAX_WATCHERS | 0 | max-watchers: 0 (expected: 1-10000)"
            })
    void aWrongValueIsOneMessageThatNamesItsKey(String variable, String value, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> bind(SECTION, Map.of("REALMESH_ATTESTATION_SERVICE_" + variable, value)))
                .satisfies(e -> assertThat(e.mistakes())
                        .singleElement()
                        .asString()
                        .startsWith("attestation-service." + message)
                        .doesNotContain("s3cret"));
    }

    @Test
    void eachMistakeHasItsMessage() {
        String wrong = """
                attestation-service:
                  database: {url: jdbc:postgresql://db.example/realmesh, pool-size: few, password: s3cret}
                  veraison: {verification: https://veraison.example, attempts: often}
                  rest: {port: here}
                  retention: forever
                """;
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> bind(wrong, Map.of()))
                .satisfies(e -> assertThat(
                                e.mistakes().stream().map(mistake -> mistake.substring(0, mistake.indexOf(": "))))
                        .containsExactlyInAnyOrder(
                                "attestation-service.state-folder",
                                "attestation-service.database.user",
                                "attestation-service.database.password-file",
                                "attestation-service.database.pool-size",
                                "attestation-service.database.password",
                                "attestation-service.veraison.ear-key",
                                "attestation-service.veraison.attempts",
                                "attestation-service.rest.port",
                                "attestation-service.retention"))
                .satisfies(e -> assertThat(e.mistakes()).noneMatch(mistake -> mistake.contains("s3cret")));
    }

    private static AttestationServiceConfig bind(String yaml, Map<String, String> environment) {
        return Configuration.parse(yaml, environment).bind("attestation-service", AttestationServiceConfig.class);
    }
}
