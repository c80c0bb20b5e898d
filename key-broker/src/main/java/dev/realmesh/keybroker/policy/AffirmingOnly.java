// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.kbs.BrokerPublicKey;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import java.util.Optional;
import java.util.Set;

/// The default policy: platform and Realm are affirming, no REM differs from an endorsed one, and the Realm runs under
/// initdata of which the broker knows that the secrets' owner meant it.
///
/// The host chooses the initdata of a Realm, and with it what the Realm lets the host do. So it is not enough that a
/// Realm is
/// genuine: its initdata must pin this broker, which no Realm does by accident, and where the owner lists the initdata
/// that
/// may have secrets, be one of these.
public final class AffirmingOnly implements ReleasePolicy {
    /// AR4SI executables: all that was measured is endorsed. 3, which is affirming too, says so of what was measured
    /// before the Realm ran alone: if it boots by firmware, that is not its kernel.
    private static final int APPROVED_RUNTIME = 2;

    private static final String PERSONALIZATION_VALUE = "cca-realm-personalization-value";

    private final Optional<BrokerPublicKey> pinned;
    private final Set<Bytes> personalizationValues;

    private AffirmingOnly(Optional<BrokerPublicKey> pinned, Set<Bytes> personalizationValues) {
        this.pinned = pinned;
        this.personalizationValues = Set.copyOf(personalizationValues);
    }

    /// The policy of a broker.
    ///
    /// @param identity what initdata must pin
    /// @param personalizationValues RPVs that may have secrets, 64 bytes each; empty: any whose initdata pins
    /// `identity`
    public static AffirmingOnly pinning(BrokerPublicKey identity, Set<Bytes> personalizationValues) {
        return new AffirmingOnly(Optional.of(identity), personalizationValues);
    }

    /// The same, for guests whose initdata is not of Realmesh and pins its broker in other ways.
    ///
    /// @param personalizationValues RPVs that may have secrets, 64 bytes each; empty: any
    public static AffirmingOnly withoutPin(Set<Bytes> personalizationValues) {
        return new AffirmingOnly(Optional.empty(), personalizationValues);
    }

    @Override
    public Decision decide(AttestedRealm realm, ResourcePath path) {
        if (!isAffirming(realm.ear(), Ear.PLATFORM) || !isAffirming(realm.ear(), Ear.REALM)) {
            return new Decision.Deny("appraisal: not affirming (expected: platform and Realm affirming)");
        }
        if (!isApprovedAtRunTime(realm.ear())) {
            return new Decision.Deny("appraisal: an extensible measurement (REM) of the Realm is not the endorsed one"
                    + " (expected: it is, or none is endorsed)");
        }
        if (pinned.isPresent()
                && !realm.settings().map(s -> s.keyBrokerIdentity()).equals(pinned)) {
            return new Decision.Deny("initdata: does not pin this broker (expected: its key-broker-identity)");
        }
        if (!personalizationValues.isEmpty() && !isListed(realm.ear())) {
            return new Decision.Deny("initdata: not one that may have secrets (expected: one of allowed-initdata)");
        }
        return new Decision.Permit();
    }

    private static boolean isAffirming(Ear ear, String submod) {
        return submod(ear, submod)
                .filter(appraisal -> appraisal.status() == TrustTier.AFFIRMING)
                .isPresent();
    }

    private static boolean isApprovedAtRunTime(Ear ear) {
        return submod(ear, Ear.REALM)
                .filter(realm -> realm.vector().get(TrustClaim.EXECUTABLES) == APPROVED_RUNTIME)
                .isPresent();
    }

    private boolean isListed(Ear ear) {
        return submod(ear, Ear.REALM)
                .flatMap(realm -> realm.evidenceBytes(PERSONALIZATION_VALUE))
                .filter(personalizationValues::contains)
                .isPresent();
    }

    private static Optional<SubmodAppraisal> submod(Ear ear, String name) {
        return Optional.ofNullable(ear.submods().get(name));
    }
}
