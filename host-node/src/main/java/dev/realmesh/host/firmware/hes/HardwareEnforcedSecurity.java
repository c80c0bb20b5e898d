// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.hes;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.PlatformToken;
import dev.realmesh.cca.token.SoftwareComponent;
import dev.realmesh.host.firmware.image.FirmwareImage;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;

/// The root of trust: it measures what runs before the application processors do, takes the measurements of their boot
/// chain until its slots are locked, and signs platform tokens over all of them after that. Each component has one
/// slot,
/// which is written once.
public final class HardwareEnforcedSecurity {
    private static final String HASH_ALGORITHM = "sha-256";

    private final PlatformIdentity identity;
    private final PlatformState state;
    private final List<Measurement> slots = new ArrayList<>();
    private boolean locked;

    private HardwareEnforcedSecurity(PlatformIdentity identity, PlatformState state) {
        this.identity = identity;
        this.state = state;
    }

    /// A root of trust out of reset: it has measured the hardware, itself, and the boot ROM of the application
    /// processors, which it may let go now.
    ///
    /// @throws dev.realmesh.host.firmware.image.FirmwareException if code cannot be measured
    public static HardwareEnforcedSecurity powerOn(PlatformIdentity identity, PlatformState state) {
        HardwareEnforcedSecurity security = new HardwareEnforcedSecurity(identity, state);
        security.measure(FirmwareImage.RUNTIME_SECURITY_ENGINE, FirmwareImage.HARDWARE.component());
        security.measure(FirmwareImage.RUNTIME_SECURITY_ENGINE, FirmwareImage.RUNTIME_SECURITY_ENGINE.component());
        security.measure(FirmwareImage.RUNTIME_SECURITY_ENGINE, FirmwareImage.BL1.component());
        return security;
    }

    /// Who the platform is.
    public PlatformIdentity identity() {
        return identity;
    }

    /// What was measured so far, in order.
    public List<Measurement> measurements() {
        return List.copyOf(slots);
    }

    /// Puts a measurement into the component's slot.
    ///
    /// @throws IllegalStateException if the slot is in use, or all are locked
    public void measure(FirmwareImage measuredBy, SoftwareComponent component) {
        boolean used = slots.stream().anyMatch(slot -> slot.component().type().equals(component.type()));
        if (locked || used) {
            throw new IllegalStateException("measurement of " + component.type() + ": its slot is "
                    + (locked ? "locked until reset" : "in use") + " (expected: an open one)");
        }
        slots.add(new Measurement(measuredBy, component));
    }

    /// Locks all slots until the next reset.
    public void lock() {
        locked = true;
    }

    /// A fresh realm attestation key, P-384.
    public KeyPair newRealmAttestationKey() {
        return Signatures.generate(EcCurve.P384);
    }

    /// A platform token over `challenge`.
    ///
    /// @throws IllegalStateException if the slots are not locked yet
    public PlatformToken sign(Bytes challenge) {
        if (!locked) {
            throw new IllegalStateException("platform token: slots are open (expected: locked)");
        }
        PlatformClaims claims = PlatformClaims.builder()
                .profile(state.generation().platformProfile())
                .challenge(challenge)
                .implementationId(PlatformIdentity.IMPLEMENTATION_ID)
                .instanceId(identity.instanceId())
                .config(PlatformIdentity.CONFIG)
                .lifecycle(state.lifecycle())
                .softwareComponents(slots.stream().map(Measurement::component).toList())
                .hashAlgorithm(HASH_ALGORITHM)
                .build();
        return PlatformToken.sign(claims, CoseAlgorithm.ES384, identity.signer());
    }
}
