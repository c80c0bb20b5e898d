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
import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.firmware.hes.Measurement;
import dev.realmesh.host.firmware.hes.PlatformIdentity;
import dev.realmesh.host.firmware.hes.PlatformState;
import dev.realmesh.host.firmware.image.FirmwareImage;
import dev.realmesh.host.machine.MachineModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Measured boot: the token tells the code that loads, and an endorser who has that code knows it before.
class MeasuredBootTest {
    private static final Bytes CHALLENGE = Bytes.copyOf(new byte[32]);

    @TempDir
    private Path state;

    @Test
    void signsWhatTheEndorserExpects() {
        PlatformToken token = PlatformToken.decode(
                booted(PlatformState.SECURED).sign(CHALLENGE).encode());
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
    void measuresEachStageBeforeItRuns() {
        try (Platform platform = Platform.boot(
                MachineModel.VIRT.addressMap(1 << 20),
                context -> {
                    throw new IllegalStateException("no Realm runs here");
                },
                state)) {
            assertThat(platform.bootLog())
                    .containsExactly(
                            measured(FirmwareImage.RUNTIME_SECURITY_ENGINE, FirmwareImage.HARDWARE),
                            measured(FirmwareImage.RUNTIME_SECURITY_ENGINE, FirmwareImage.RUNTIME_SECURITY_ENGINE),
                            measured(FirmwareImage.RUNTIME_SECURITY_ENGINE, FirmwareImage.BL1),
                            measured(FirmwareImage.BL1, FirmwareImage.BL2),
                            measured(FirmwareImage.BL2, FirmwareImage.BL31),
                            measured(FirmwareImage.BL2, FirmwareImage.RMM));
        }
    }

    @Test
    void writesEachSlotOnceAndNoneAfterTheyAreLocked() {
        HardwareEnforcedSecurity security =
                HardwareEnforcedSecurity.powerOn(PlatformIdentity.open(state), PlatformState.SECURED);
        SoftwareComponent component = FirmwareImage.BL2.component();
        security.measure(FirmwareImage.BL1, component);
        assertThatThrownBy(() -> security.measure(FirmwareImage.BL1, component))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> security.measure(FirmwareImage.BL2, FirmwareImage.BL1.component()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> security.sign(CHALLENGE)).isInstanceOf(IllegalStateException.class);
        security.lock();
        assertThatThrownBy(() -> security.measure(FirmwareImage.BL2, FirmwareImage.BL31.component()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(security.sign(CHALLENGE).claims().softwareComponents())
                .containsExactly(
                        FirmwareImage.HARDWARE.component(),
                        FirmwareImage.RUNTIME_SECURITY_ENGINE.component(),
                        FirmwareImage.BL1.component(),
                        component);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000, UNKNOWN",
        "0x10FF, ASSEMBLY_AND_TEST",
        "0x2001, PLATFORM_ROT_PROVISIONING",
        "0x3003, SECURED",
        "0x4000, NON_CCA_PLATFORM_DEBUG",
        "0x5000, RECOVERABLE_CCA_PLATFORM_DEBUG",
        "0x60FF, DECOMMISSIONED"
    })
    void tellsTheLifecycleThatItIsIn(String number, SecurityLifecycle lifecycle) {
        PlatformState fused = new PlatformState(Integer.decode(number), TokenGeneration.V2023);
        PlatformClaims claims =
                PlatformToken.decode(booted(fused).sign(CHALLENGE).encode()).claims();
        assertThat(claims.lifecycleNumber()).isEqualTo(Integer.decode(number));
        assertThat(claims.lifecycle()).isEqualTo(lifecycle);
        assertThat(claims.lifecycle().isTrustworthy())
                .isEqualTo(EnumSet.of(SecurityLifecycle.SECURED, SecurityLifecycle.NON_CCA_PLATFORM_DEBUG)
                        .contains(lifecycle));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0100, 0x3100, 0x7000, 0x1_3000, -1})
    void hasNoOtherLifecycles(int number) {
        assertThatThrownBy(() -> new PlatformState(number, TokenGeneration.V2023))
                .isInstanceOf(IllegalArgumentException.class);
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

    private HardwareEnforcedSecurity booted(PlatformState fused) {
        HardwareEnforcedSecurity security = HardwareEnforcedSecurity.powerOn(PlatformIdentity.open(state), fused);
        security.measure(FirmwareImage.BL1, FirmwareImage.BL2.component());
        security.measure(FirmwareImage.BL2, FirmwareImage.BL31.component());
        security.measure(FirmwareImage.BL2, FirmwareImage.RMM.component());
        security.lock();
        return security;
    }

    private static Measurement measured(FirmwareImage measuredBy, FirmwareImage image) {
        return new Measurement(measuredBy, image.component());
    }

    private static List<Object> facts(SoftwareReference reference) {
        return List.of(reference.name(), reference.digests().getFirst(), reference.signerId());
    }
}
