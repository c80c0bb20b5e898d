// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The broker where it lives: on the event bus, with the verifier behind another name of the same bus.
class BrokerOnTheBusTest {
    @TempDir
    Path folder;

    @Test
    void namesWhatItLacks() throws Exception {
        ManualClock clock = new ManualClock();
        EarSigningKey signer = EarSigningKey.generate();
        Path signerFile = Files.writeString(folder.resolve("signer.jwk"), signer.publicJwk());
        Path state = folder.resolve("state");

        try (MeshNode node = MeshNode.start(MeshConfig.local());
                KeyBroker broker = KeyBroker.open(
                        KeyBrokerConfig.withDefaults(state, List.of(signerFile)),
                        node.channel("attestation-service"),
                        clock)) {
            assertThat(problems(broker))
                    .containsOnly(
                            Map.entry("database", ""),
                            Map.entry("attestation-service", "does not answer: UNAVAILABLE"));

            node.serve("attestation-service", List.of(new ScriptedVerifier(signer, clock)));
            Files.move(state.resolve("resources.db"), folder.resolve("aside.db"));
            assertThat(problems(broker))
                    .containsOnly(Map.entry("database", "cannot be read"), Map.entry("attestation-service", ""));

            Files.move(folder.resolve("aside.db"), state.resolve("resources.db"));
            assertThat(problems(broker).values()).containsOnly("");
        }
    }

    @Test
    void guestAttestsAndIsToldThatASecretIsMissingOverTheBus() throws Exception {
        ManualClock clock = new ManualClock();
        EarSigningKey signer = EarSigningKey.generate();
        Path signerFile = Files.writeString(folder.resolve("signer.jwk"), signer.publicJwk());
        ScriptedVerifier verifier = new ScriptedVerifier(signer, clock);
        var config = KeyBrokerConfig.withDefaults(folder.resolve("state"), List.of(signerFile));

        try (MeshNode node = MeshNode.start(MeshConfig.local());
                KeyBroker broker = KeyBroker.open(config, node.channel("attestation-service"), clock)) {
            node.serve("attestation-service", List.of(verifier));
            node.serve(KeyBroker.BUS_NAME, broker.busServices());
            Initdata initdata =
                    new RealmSettings(broker.identity(), ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING).toInitdata();
            verifier.answerSubmods(ScriptedVerifier.affirmingSubmods(initdata.personalizationValue()));

            var stub = KeyBrokerServiceGrpc.newBlockingStub(node.channel(KeyBroker.BUS_NAME));
            GuestUnderTest guest =
                    new GuestUnderTest(stub.withInterceptors(BrokerUnderTest.header("realmesh-realm-id", "realm-1")));

            assertThat(guest.attest(initdata).getResultId()).isNotEmpty();
            KeyReleaseTest.refused(Status.Code.NOT_FOUND, () -> guest.get("default/key/none"));
            assertThat(verifier.requests.getFirst().getRealmId()).isEqualTo("realm-1");
        }
    }

    private static Map<String, String> problems(KeyBroker broker) throws Exception {
        Map<String, String> problems = new HashMap<>();
        for (HealthCheck check : broker.healthChecks()) {
            problems.put(check.id(), check.probe().problem().orElse(""));
        }
        return problems;
    }
}
