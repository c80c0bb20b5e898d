// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One guest image, launched by the plan of each monitor, side by side on one host.
@Timeout(240)
class BootMethodsTest {
    @TempDir
    private Path folder;

    @Test
    void runTheSampleAndAttestToWhatMeasureForetells() throws Exception {
        Path image = MeshFixture.guestImage();
        List<BootSource> guests = BootMethod.ALL.stream()
                .map(method -> new BootSource(image, method))
                .toList();
        JsonNode realms = JsonMapper.shared()
                .readTree(Files.readAllBytes(image.resolve("manifest.json")))
                .get("realms");
        try (MeshFixture<MeshOfParts> mesh =
                MeshFixture.start(folder, guests, Duration.ofSeconds(60), MeshOfParts::new)) {
            for (BootMethod method : BootMethod.ALL) {
                JsonNode endorsed = realms.get(method.name());
                JsonNode foretold = JsonMapper.shared().readTree(measure(mesh, image, method));
                assertThat(foretold.get("rim")).as("RIM by %s", method.name()).isEqualTo(endorsed.get("rim"));
                if (endorsed.has("rem0")) {
                    assertThat(foretold.at("/rem/0")).isEqualTo(endorsed.get("rem0"));
                }

                String name = new BootSource(image, method).name();
                Outcome run = mesh.realmesh("run", "--guest-image", name, MeshFixture.IMAGE);
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(run.out()).contains(MeshFixture.GREETING);

                assertThat(mesh.results().getFirst().getStatus())
                        .as("result by %s", method.name())
                        .isEqualTo(AttestationStatus.ATTESTATION_STATUS_AFFIRMING);
            }
            mesh.assertNothingIsLeft();
        }
    }

    private static String measure(MeshFixture<MeshOfParts> mesh, Path image, BootMethod method) {
        List<String> words = new ArrayList<>(List.of("measure", "-c", "qemu-max-8.2", "-c", "kvm", "--json"));
        words.addAll(List.of("-k", image + "/kernel", "-i", image + "/initrd", "-f", image + "/firmware"));
        words.add(method.monitor().commandName());
        words.addAll(method.commandLine(RealmShape.DEFAULT));
        Outcome measured = mesh.realmesh(words.toArray(String[]::new));
        assertThat(measured.exitCode()).as(measured.err()).isZero();
        return measured.out();
    }
}
