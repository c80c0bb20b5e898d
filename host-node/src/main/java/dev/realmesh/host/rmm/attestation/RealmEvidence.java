// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.MecPolicy;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.RealmProfile;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmMeasurements;
import java.util.List;
import java.util.stream.IntStream;

/// What a realm token says of a Realm, whatever the challenge.
///
/// @param instanceId a UEID of this one Realm, 33 bytes
/// @param personalizationValue the RPV, 64 bytes
/// @param hashAlgorithm name of the algorithm of the measurements
/// @param measurements the RIM and the four REMs
/// @param mecPolicy whether the Realm has a memory encryption context of its own
record RealmEvidence(
        Bytes instanceId,
        Bytes personalizationValue,
        String hashAlgorithm,
        List<Bytes> measurements,
        MecPolicy mecPolicy) {
    static RealmEvidence of(Realm realm) {
        return new RealmEvidence(
                realm.instanceId(),
                Bytes.copyOf(realm.personalizationValue().toByteArray()),
                realm.hashAlgorithm().claimName(),
                IntStream.range(0, RealmMeasurements.SLOTS)
                        .mapToObj(slot ->
                                Bytes.copyOf(realm.measurements().read(slot).toByteArray()))
                        .toList(),
                MecPolicy.PRIVATE);
    }

    /// The claims in the order in which TF-RMM writes them.
    RealmClaims claims(Bytes challenge, Bytes publicKey, TokenOptions options) {
        RealmProfile profile = options.generation().realmProfile();
        RealmClaims.Builder claims = RealmClaims.builder().challenge(challenge);
        if (profile == RealmProfile.V2024) {
            claims.instanceId(instanceId);
        }
        return claims.personalizationValue(personalizationValue)
                .publicKey(publicKey)
                .hashAlgorithm(hashAlgorithm)
                .publicKeyHashAlgorithm(options.keyHashAlgorithm())
                .mecPolicy(mecPolicy, profile)
                .profile(profile)
                .initialMeasurement(measurements.getFirst())
                .extensibleMeasurements(measurements.subList(1, measurements.size()))
                .build();
    }
}
