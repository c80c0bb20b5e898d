// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.BrokerPublicKey;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.keybroker.rcar.Verdict;
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
        Verdict verdict = realm.verdict();
        Optional<String> refusal = refusal(verdict);
        if (refusal.isPresent()) {
            return new Decision.Deny(refusal.get());
        }
        if (pinned.isPresent()
                && !realm.settings().map(s -> s.keyBrokerIdentity()).equals(pinned)) {
            return new Decision.Deny("initdata: does not pin this broker (expected: its key-broker-identity)");
        }
        if (!personalizationValues.isEmpty() && !isListed(verdict)) {
            return new Decision.Deny("initdata: not one that may have secrets (expected: one of allowed-initdata)");
        }
        return new Decision.Permit();
    }

    /// What a verdict misses, whatever the Realm's initdata is.
    static Optional<String> refusal(Verdict verdict) {
        if (!verdict.affirming()) {
            return Optional.of("appraisal: not affirming (expected: platform and Realm affirming)");
        }
        if (verdict.executables() != APPROVED_RUNTIME) {
            return Optional.of("appraisal: an extensible measurement (REM) of the Realm is not the endorsed one"
                    + " (expected: it is, or none is endorsed)");
        }
        return Optional.empty();
    }

    private boolean isListed(Verdict verdict) {
        return verdict.personalizationValue()
                .filter(personalizationValues::contains)
                .isPresent();
    }
}
