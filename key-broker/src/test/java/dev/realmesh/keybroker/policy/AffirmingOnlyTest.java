// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.BrokerPublicKey;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.keybroker.policy.ReleasePolicy.Decision;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.keybroker.rcar.Verdict;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The default policy by itself: it looks at the appraisal again, whoever let the session in.
class AffirmingOnlyTest {
    private static final ResourcePath PATH = ResourcePath.parse("default/key/k1");
    private static final Bytes RPV = Bytes.copyOf(new byte[64]);

    private final BrokerPublicKey broker = BrokerIdentity.generate().publicKey();

    @ParameterizedTest
    @CsvSource({
        "2, 2, true",
        "3, 2, true",
        "2, 3, false",
        "2, 33, false",
        "33, 2, false",
        "2, 97, false",
        "97, 2, false",
        "0, 2, false",
        "2, 0, false"
    })
    void bothSubmodsMustBeAffirmingAndTheRealmsMeasurementsAllEndorsed(int platform, int realm, boolean permitted) {
        assertThat(permits(AffirmingOnly.withoutPin(Set.of()), realm(platform, realm, Optional.empty())))
                .isEqualTo(permitted);
    }

    @Test
    void initdataMustPinTheBroker() {
        AffirmingOnly policy = AffirmingOnly.pinning(broker, Set.of());

        assertThat(permits(policy, realm(2, 2, Optional.of(broker)))).isTrue();
        assertThat(permits(policy, realm(2, 2, Optional.empty()))).isFalse();
        assertThat(permits(
                        policy,
                        realm(2, 2, Optional.of(BrokerIdentity.generate().publicKey()))))
                .isFalse();
    }

    @Test
    void listOfInitdataIsExhaustive() {
        Bytes other = Bytes.ofHex("01".repeat(64));

        assertThat(permits(AffirmingOnly.withoutPin(Set.of(RPV)), realm(2, 2, Optional.empty())))
                .isTrue();
        assertThat(permits(AffirmingOnly.withoutPin(Set.of(other)), realm(2, 2, Optional.empty())))
                .isFalse();
        assertThat(permits(AffirmingOnly.pinning(broker, Set.of(other)), realm(2, 2, Optional.of(broker))))
                .isFalse();
    }

    private static boolean permits(ReleasePolicy policy, AttestedRealm realm) {
        return policy.decide(realm, PATH) instanceof Decision.Permit;
    }

    private static AttestedRealm realm(int platform, int realm, Optional<BrokerPublicKey> pinned) {
        Map<String, SubmodAppraisal> submods = Map.of(
                Ear.PLATFORM, submod(platform),
                Ear.REALM, submod(realm).annotated(Map.of("cca-realm-personalization-value", RPV.base64())));
        Ear ear = Ear.of(Instant.EPOCH, RPV, new Ear.VerifierId("tests", "1"), submods);
        return new AttestedRealm(
                TeeKey.generate().publicKey(),
                Verdict.of(ear),
                pinned.map(key -> new RealmSettings(key, ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING)),
                "",
                "");
    }

    private static SubmodAppraisal submod(int claims) {
        return SubmodAppraisal.of(TrustVector.all(claims), "policy", "");
    }
}
