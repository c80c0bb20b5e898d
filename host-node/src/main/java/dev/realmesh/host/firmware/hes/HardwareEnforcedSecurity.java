// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.hes;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CoseAlgorithm;
import dev.realmesh.cca.cose.EcCurve;
import dev.realmesh.cca.cose.Signatures;
import dev.realmesh.cca.token.PlatformClaims;
import dev.realmesh.cca.token.PlatformToken;
import dev.realmesh.cca.token.SoftwareComponent;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;

/// The root of trust: it takes measurements of the boot chain until its slots are locked, and signs platform tokens
/// over them after that.
public final class HardwareEnforcedSecurity {
    private static final int SECURED = 0x3003;
    private static final String HASH_ALGORITHM = "sha-256";

    private final PlatformIdentity identity;
    private final List<SoftwareComponent> slots = new ArrayList<>();
    private boolean locked;

    /// A root of trust in reset, with empty slots.
    public HardwareEnforcedSecurity(PlatformIdentity identity) {
        this.identity = identity;
    }

    /// Who the platform is.
    public PlatformIdentity identity() {
        return identity;
    }

    /// Puts a measurement into the next slot.
    ///
    /// @throws IllegalStateException if the slots are locked
    public void measure(SoftwareComponent component) {
        if (locked) {
            throw new IllegalStateException("measurement of " + component.type() + ": slots are locked until reset");
        }
        slots.add(component);
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
                .profile(PlatformClaims.PROFILE_2023)
                .challenge(challenge)
                .implementationId(PlatformIdentity.IMPLEMENTATION_ID)
                .instanceId(identity.instanceId())
                .config(PlatformIdentity.CONFIG)
                .lifecycle(SECURED)
                .softwareComponents(slots)
                .hashAlgorithm(HASH_ALGORITHM)
                .build();
        return PlatformToken.sign(claims, CoseAlgorithm.ES384, identity.signer());
    }
}
