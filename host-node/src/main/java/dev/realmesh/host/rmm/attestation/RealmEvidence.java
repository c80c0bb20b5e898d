// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.attestation;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.RealmClaims;
import dev.realmesh.cca.token.RealmProfile;
import dev.realmesh.host.rmm.realm.Realm;
import dev.realmesh.host.rmm.realm.RealmMeasurements;
import java.util.List;
import java.util.stream.IntStream;

/// What a realm token says of a Realm, whatever the challenge.
///
/// @param personalizationValue the RPV, 64 bytes
/// @param hashAlgorithm name of the algorithm of the measurements
/// @param initialMeasurement the RIM
/// @param extensibleMeasurements the four REMs
/// @param mecPolicy `private` if the Realm has a memory encryption context of its own, else `shared`
record RealmEvidence(
        Bytes personalizationValue,
        String hashAlgorithm,
        Bytes initialMeasurement,
        List<Bytes> extensibleMeasurements,
        String mecPolicy) {
    /// How the platform token is bound to the RAK.
    static final String KEY_HASH_ALGORITHM = "sha-256";

    static RealmEvidence of(Realm realm) {
        List<Bytes> measurements = IntStream.range(0, RealmMeasurements.SLOTS)
                .mapToObj(slot -> Bytes.copyOf(realm.measurements().read(slot).toByteArray()))
                .toList();
        return new RealmEvidence(
                Bytes.copyOf(realm.personalizationValue().toByteArray()),
                realm.hashAlgorithm().claimName(),
                measurements.getFirst(),
                measurements.subList(1, measurements.size()),
                "private");
    }

    /// The claims in the order in which TF-RMM writes them.
    RealmClaims claims(Bytes challenge, Bytes publicKey) {
        return RealmClaims.builder()
                .challenge(challenge)
                .personalizationValue(personalizationValue)
                .publicKey(publicKey)
                .hashAlgorithm(hashAlgorithm)
                .publicKeyHashAlgorithm(KEY_HASH_ALGORITHM)
                .mecPolicy(mecPolicy)
                .profile(RealmProfile.V2023)
                .initialMeasurement(initialMeasurement)
                .extensibleMeasurements(extensibleMeasurements)
                .build();
    }
}
