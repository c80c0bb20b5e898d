// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.PlatformReference;
import dev.realmesh.cca.corim.ReferenceDigest;
import dev.realmesh.cca.corim.SoftwareReference;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.PlatformToken;
import dev.realmesh.cca.token.SecurityLifecycle;
import dev.realmesh.cca.token.SoftwareComponent;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.firmware.image.FirmwareImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Measured boot: the token tells the code that loads, and an endorser who has that code knows it before.
class MeasuredBootTest {
    private static final Bytes CHALLENGE = Bytes.copyOf(new byte[32]);

    @TempDir
    private Path state;

    @Test
    void signsWhatTheEndorserExpects() {
        HardwareEnforcedSecurity security = new HardwareEnforcedSecurity(PlatformIdentity.open(state));
        FirmwareImage.bootOrder().forEach(image -> security.measure(image.component()));
        security.lock();
        PlatformToken token = PlatformToken.decode(security.sign(CHALLENGE).encode());
        PlatformEndorsement endorsement = PlatformEndorsement.of(state);

        PlatformClaims claims = token.claims();
        assertThat(claims.challenge()).isEqualTo(CHALLENGE);
        assertThat(claims.lifecycle()).isEqualTo(SecurityLifecycle.of(0x3003).orElseThrow());
        assertThat(claims.profile()).isEqualTo(PlatformClaims.PROFILE_2023);
        assertThat(claims.implementationId())
                .isEqualTo(endorsement.reference().implementationId())
                .isEqualTo(endorsement.trustAnchor().implementationId());
        assertThat(claims.instanceId()).isEqualTo(endorsement.trustAnchor().instanceId());
        assertThat(endorsement.reference().configs())
                .containsExactly(PlatformReference.PlatformConfig.exactly(claims.config()));
        assertThat(claims.softwareComponents().stream()
                        .map(component -> List.of(
                                component.type(), ReferenceDigest.sha2(component.measurement()), component.signerId()))
                        .toList())
                .isEqualTo(endorsement.reference().components().stream()
                        .map(MeasuredBootTest::facts)
                        .toList());
        assertThat(token.envelope()
                        .isSignedBy(
                                Signatures.publicKey(endorsement.trustAnchor().key())))
                .isTrue();
    }

    @Test
    void locksItsSlots() {
        HardwareEnforcedSecurity security = new HardwareEnforcedSecurity(PlatformIdentity.open(state));
        SoftwareComponent component = FirmwareImage.BL2.component();
        security.measure(component);
        assertThatThrownBy(() -> security.sign(CHALLENGE)).isInstanceOf(IllegalStateException.class);
        security.lock();
        assertThatThrownBy(() -> security.measure(component)).isInstanceOf(IllegalStateException.class);
        assertThat(security.sign(CHALLENGE).claims().softwareComponents()).containsExactly(component);
    }

    @Test
    void givesEachImageItsOwnMeasurement() {
        assertThat(FirmwareImage.bootOrder().stream()
                        .map(image -> image.component().measurement())
                        .collect(Collectors.toSet()))
                .hasSize(FirmwareImage.values().length);
        assertThat(FirmwareImage.RMM.component()).isEqualTo(FirmwareImage.RMM.component());
    }

    @Test
    void measuresEveryPackageOfTheTrustedBase() throws IOException, URISyntaxException {
        Path classes = Path.of(FirmwareImage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Set<String> packages = new TreeSet<>();
        for (String part : List.of("firmware", "machine", "rmm")) {
            try (Stream<Path> folders = Files.walk(classes.resolve("dev/realmesh/host/" + part))) {
                folders.filter(Files::isDirectory)
                        .map(folder -> classes.relativize(folder).toString().replace('/', '.'))
                        .forEach(packages::add);
            }
        }
        assertThat(FirmwareImage.bootOrder().stream().flatMap(image -> image.packages().stream()))
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void writesTheTrustAnchorForTheRustVerifier() {
        PlatformEndorsement endorsement = PlatformEndorsement.of(state);
        assertThat(endorsement.cpakJwk())
                .matches("\\{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"[\\w-]{64}\",\"y\":\"[\\w-]{64}\"\\}");
        assertThat(endorsement.trustAnchorStore())
                .startsWith("[{\"pkey\":" + endorsement.cpakJwk())
                .contains(endorsement.trustAnchor().instanceId().hex());
    }

    private static List<Object> facts(SoftwareReference reference) {
        return List.of(reference.name(), reference.digests().getFirst(), reference.signerId());
    }
}
