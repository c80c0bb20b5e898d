// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.rest.RestConfig;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.keybroker.http.HttpConfig;
import dev.realmesh.keybroker.keyprovider.KeyProviderConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.config.ConfigException;
import dev.realmesh.mesh.config.Configuration;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What `realmesh up` makes of a configuration, and the demo of none.
class EmbeddedMeshConfigTest {
    private static final Path STATE = Path.of("state");
    private static final Path GUEST = Path.of("guest");

    @Test
    void servesVeraisonsApiUnlessToldNotTo() {
        assertThat(attestation("").rest()).contains(RestConfig.loopback(8443));
        assertThat(attestation("attestation-service: {rest: {port: 1}}").rest()).contains(RestConfig.loopback(1));
        assertThat(attestation("attestation-service: {rest: }").rest()).isEmpty();
    }

    @Test
    void servesTheKbsProtocolUnlessToldNotTo() {
        assertThat(keyBroker("").http()).contains(HttpConfig.loopback(8080));
        assertThat(keyBroker("key-broker: {http: {port: 1}}").http()).contains(HttpConfig.loopback(1));
        assertThat(keyBroker("key-broker: {http: }").http()).isEmpty();
        assertThat(keyBroker("").earSignerKeys())
                .containsExactly(STATE.resolve("attestation-service").resolve("ear-signing-key.pub.jwk"));
    }

    @Test
    void servesTheKeyProviderUnlessToldNotTo() {
        assertThat(keyBroker("").keyProvider()).contains(KeyProviderConfig.loopback(50_000));
        assertThat(keyBroker("key-broker: {key-provider: }").keyProvider()).isEmpty();
        assertThat(EmbeddedMeshConfig.ephemeral(STATE, GUEST).keyBroker().keyProvider())
                .isEmpty();
    }

    @Test
    void servesHealthAndMetricsUnlessToldNotTo() {
        assertThat(mesh("").health().port()).contains(7490);
        assertThat(mesh("mesh: {health: {port: 1}}").health().port()).contains(1);
        assertThat(mesh("mesh: {health: }").health().port()).isEmpty();
        assertThat(EmbeddedMeshConfig.ephemeral(STATE, GUEST).mesh().health().port())
                .isEmpty();
    }

    @Test
    void isInNoCluster() {
        assertThatThrownBy(() -> mesh("mesh: {cluster: {}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mesh.cluster");
    }

    @Test
    void theDemoServesItNot() {
        assertThat(EmbeddedMeshConfig.ephemeral(STATE, GUEST).attestation().rest())
                .isEmpty();
    }

    @Test
    void stateIsWhereItAlwaysWasUnlessNamed() {
        assertThat(attestation("").stateFolder()).isEqualTo(STATE.resolve("attestation-service"));
        assertThat(attestation("attestation-service: {state-folder: elsewhere}").stateFolder())
                .isEqualTo(Path.of("elsewhere"));
    }

    private static KeyBrokerConfig keyBroker(String yaml) {
        return EmbeddedMeshConfig.of(Configuration.parse(yaml, Map.of()), STATE, GUEST)
                .keyBroker();
    }

    private static MeshConfig mesh(String yaml) {
        return EmbeddedMeshConfig.of(Configuration.parse(yaml, Map.of()), STATE, GUEST)
                .mesh();
    }

    private static AttestationServiceConfig attestation(String yaml) {
        return EmbeddedMeshConfig.of(Configuration.parse(yaml, Map.of()), STATE, GUEST)
                .attestation();
    }
}
