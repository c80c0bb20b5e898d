// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.corim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.RealmReference;
import dev.realmesh.cca.corim.TrustAnchor;
import dev.realmesh.cli.Outcome;
import dev.realmesh.host.firmware.PlatformEndorsement;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `realmesh corim`: reference values from measurements, tokens and what others endorse.
class CorimCommandTest {
    @TempDir
    Path folder;

    @Test
    void endorsesTheRimOfAMeasurement() throws IOException {
        Corim corim = make("--measurement", measurement("kvmtool", "-c", "1", "-m", "64"));

        assertThat(corim.profile()).isEqualTo(CorimProfile.REALM);
        assertThat(corim.triples()).singleElement().isInstanceOfSatisfying(RealmReference.class, realm -> {
            assertThat(realm.rim().size()).isEqualTo(32);
            assertThat(realm.rimDigest()).isEqualTo(realm.rim());
            assertThat(realm.rems()).isEmpty();
            assertThat(realm.rpvs()).isEmpty();
        });
    }

    @Test
    void endorsesRegistersAndPersonalizationIfAskedTo() throws IOException {
        String measurement = measurement("kvmtool", "-c", "1", "-m", "64", "--realm-pv", "x");

        Corim corim = make(
                "--measurement", measurement, "--rem", "--rpv", "--id", "mine", "--not-after", "2030-01-01T00:00:00Z");

        assertThat(corim.id()).isEqualTo("mine");
        assertThat(corim.validity().notAfter()).hasToString("2030-01-01T00:00:00Z");
        assertThat(corim.triples()).singleElement().isInstanceOfSatisfying(RealmReference.class, realm -> {
            assertThat(realm.rems()).hasSize(4).containsEntry(3, Bytes.EMPTY.padTo(32));
            assertThat(realm.rpvs()).containsExactly(Bytes.ofHex("78").padTo(64));
        });
    }

    @Test
    void endorsesWhatATokenTellsOfItsPlatform() throws IOException {
        Corim corim = make("--token", Vectors.path("rmm/token/cca-token-a.cbor").toString());

        assertThat(corim.profile()).isEqualTo(CorimProfile.PLATFORM);
        assertThat(corim.triples()).singleElement().isInstanceOfSatisfying(PlatformReference.class, platform -> {
            assertThat(platform.implementationId().hex()).startsWith("7f454c46");
            assertThat(platform.components())
                    .hasSize(13)
                    .first()
                    .satisfies(component -> assertThat(component.name()).isEqualTo("RSE_BL1_2"));
            assertThat(platform.configs()).hasSize(1);
        });
    }

    @Test
    void joinsWhatAHostPublishes() throws IOException {
        PlatformEndorsement.of(folder).publish(folder);

        Corim corim = make(
                "--corim",
                folder.resolve(PlatformEndorsement.CORIM_FILE).toString(),
                "--trust-anchors",
                folder.resolve(PlatformEndorsement.TRUST_ANCHORS_FILE).toString(),
                "--token",
                Vectors.path("rmm/token/cca-token-a.cbor").toString());

        assertThat(corim.triples()).hasSize(3).hasOnlyElementsOfTypes(PlatformReference.class, TrustAnchor.class);
    }

    @Test
    void showsWhatItMade() throws IOException {
        String rim = "ab".repeat(64);
        make("--rim", rim);

        Outcome run = Outcome.of("corim", "show", folder.resolve("made").toString());

        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(json.get("signature").asString()).isEqualTo("none");
        assertThat(json.get("corim-id").asString()).isEqualTo("realm-abababababababab");
        assertThat(json.at("/tags/0/reference-values/0/rim").asString()).isEqualTo(rim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gold-rust01-platform", "gold-tfrmm-realm", "s-signed-ok", "m-plat-versions"})
    void showsWhatOthersMade(String name) {
        Path file = Vectors.path("attestation/endorsements/" + name + ".cbor");

        Outcome run = Outcome.of("corim", "show", file.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(json.get("signature").asString()).isEqualTo(name.startsWith("s-") ? "not verified" : "none");
        assertThat(json.at("/tags/0/reference-values/0/class-id").asString()).isNotEmpty();
    }

    @Test
    void verifiesASignedOneByItsRoot() {
        String signed =
                Vectors.path("attestation/endorsements/s-signed-ok.cbor").toString();
        String leaf = Vectors.path("attestation/keys/TEST-corim-endEntity.der").toString();

        Outcome run = Outcome.of("corim", "show", signed, "--root", leaf);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("certificate chain verification failed").hasLineCount(1);
    }

    @Test
    void refusesInOneLine() throws IOException {
        String realm = measurement("kvmtool", "-c", "1", "-m", "64");
        String token = Vectors.path("rmm/token/cca-token-a.cbor").toString();
        String out = folder.resolve("x").toString();

        assertThat(Outcome.of("corim", "make", "-o", out))
                .isEqualTo(failed(
                        2,
                        "nothing to state (expected: --measurement, --rim, --token, --trust-anchors or"
                                + " --corim) (see: realmesh corim make --help)"));
        assertThat(Outcome.of("corim", "make", "-o", out, "--measurement", realm, "--token", token))
                .isEqualTo(failed(
                        2,
                        "Realms and platforms together (expected: one of them; a CoRIM has one profile)"
                                + " (see: realmesh corim make --help)"));
        assertThat(Outcome.of("corim", "make", "-o", out, "--rim", "abcd"))
                .isEqualTo(failed(1, "RIM: 2 bytes (expected: 32, 48 or 64)"));
        assertThat(Outcome.of("corim", "make", "-o", out, "--token", realm).exitCode())
                .isEqualTo(1);
        assertThat(Outcome.of("corim", "make", "-o", out, "--trust-anchors", realm)
                        .exitCode())
                .isEqualTo(1);
        assertThat(Outcome.of("corim", "show", realm).exitCode()).isEqualTo(1);
        assertThat(Files.exists(Path.of(out))).isFalse();
    }

    private static Outcome failed(int exitCode, String message) {
        return new Outcome(exitCode, "", "realmesh: " + message + "\n");
    }

    private String measurement(String... line) throws IOException {
        Path file = folder.resolve("measurement.json");
        List<String> words = new ArrayList<>(List.of("measure", "--json", "--num-bps", "6", "--num-wps", "6"));
        words.addAll(List.of(line));
        Files.writeString(file, Outcome.of(words).out());
        return file.toString();
    }

    private Corim make(String... sources) throws IOException {
        Path file = folder.resolve("made");
        List<String> words = new ArrayList<>(List.of("corim", "make", "--output", file.toString()));
        words.addAll(List.of(sources));
        Outcome run = Outcome.of(words);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return Corim.decode(Bytes.copyOf(Files.readAllBytes(file)));
    }
}
