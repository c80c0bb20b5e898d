// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.keybroker.rcar.Verdict;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Realms that attested.
final class Realms {
    private static final EarSigningKey SIGNER = EarSigningKey.generate();
    private static final TeeKey KEY = TeeKey.generate();

    private Realms() {}

    /// One whose platform and Realm are affirming.
    static AttestedRealm affirming() {
        SubmodAppraisal good = SubmodAppraisal.of(TrustVector.all(2), "policy:ARM_CCA", "");
        Ear ear = Ear.of(
                Instant.parse("2026-11-23T12:00:00Z"),
                Bytes.copyOf(new byte[64]),
                new Ear.VerifierId("tests", "1"),
                Map.of(Ear.PLATFORM, good, Ear.REALM, good));
        return new AttestedRealm(KEY.publicKey(), Verdict.of(ear), Optional.empty(), SIGNER.sign(ear), "result");
    }
}
