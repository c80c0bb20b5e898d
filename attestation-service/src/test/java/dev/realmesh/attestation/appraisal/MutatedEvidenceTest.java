// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.endorsement.GivenCorims;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.cose.CoseSign1;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.testkit.Mutations;
import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Ten thousand changes of good tokens, with the twenty seeds of a run: whatever is changed, what is affirmed is what
/// was
/// signed, and nothing is thrown.
class MutatedEvidenceTest {
    private static final int CHANGES = 500;
    private static final Bytes NONCE = Bytes.copyOf(Base64.getUrlDecoder()
            .decode("byTWuWNaLIu_WOkIuU4Ewb-zroDN6-gyQkV4SZ_jF2Hn9eHYvOASGET1Sr36UobaiPU6ZXsVM1yTlrQyklS8XA"));
    private static final GivenCorims CORIMS = new GivenCorims(
            List.of(corim("m-plat-base"), corim("up-cca-realm-valid")), Instant.parse("2026-11-23T12:00:00Z"));
    private static final List<Bytes> GOOD = List.of(bytes("tokens/good-399"), bytes("tokens/good-907"));

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void isAffirmedOnlyWhereItIsWhatWasSigned(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < CHANGES; i++) {
            Bytes good = GOOD.get(random.nextInt(GOOD.size()));
            Bytes changed = Bytes.copyOf(Mutations.of(good.toByteArray(), random));
            for (AppraisalMode mode : AppraisalMode.values()) {
                Map<String, SubmodAppraisal> appraisals =
                        new ArmCcaScheme(CORIMS, mode).appraise(new AppraisalRequest(changed, NONCE));
                if (isAffirming(appraisals)) {
                    assertThat(signed(changed)).as("change %d", i).isEqualTo(signed(good));
                }
            }
        }
    }

    private static boolean isAffirming(Map<String, SubmodAppraisal> appraisals) {
        return appraisals.values().stream().anyMatch(appraisal -> appraisal.status() == TrustTier.AFFIRMING);
    }

    /// What the two signatures are over, and the signatures.
    private static List<Bytes> signed(Bytes token) {
        CcaEvidence evidence = CcaEvidence.decode(token);
        CoseSign1 platform = evidence.platform().envelope();
        CoseSign1 realm = evidence.realm().envelope();
        return List.of(
                platform.protectedHeader(),
                platform.payload(),
                platform.signature(),
                realm.protectedHeader(),
                realm.payload(),
                realm.signature());
    }

    private static Corim corim(String name) {
        return Corim.decode(bytes("endorsements/" + name));
    }

    private static Bytes bytes(String name) {
        return Bytes.copyOf(Vectors.bytes("attestation/" + name + ".cbor"));
    }
}
