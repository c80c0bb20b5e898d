// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarClaims;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrusteeEar;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an appraisal says, in whichever form it came.
///
/// @param affirming whether platform and Realm both are
/// @param executables the Realm's AR4SI claim, -128 to 127; in Trustee's form the worse of the platform's and the
/// Realm's
/// @param personalizationValue the Realm's RPV, 64 bytes; absent if the appraisal does not say
public record Verdict(boolean affirming, int executables, Optional<Bytes> personalizationValue) {
    private static final String PERSONALIZATION_VALUE = "cca-realm-personalization-value";
    private static final String INIT_DATA = "init_data";
    private static final Pattern HEX = Pattern.compile("([0-9a-f]{2})+");

    /// What an EAR in Veraison's form says.
    public static Verdict of(Ear ear) {
        Optional<SubmodAppraisal> realm = submod(ear.submods(), Ear.REALM);
        return new Verdict(
                isAffirming(submod(ear.submods(), Ear.PLATFORM)) && isAffirming(realm),
                executables(realm),
                realm.flatMap(appraisal -> appraisal.evidenceBytes(PERSONALIZATION_VALUE)));
    }

    /// What an EAR in Trustee's form says.
    public static Verdict of(TrusteeEar ear) {
        Optional<SubmodAppraisal> cpu = submod(ear.submods(), TrusteeEar.CPU);
        return new Verdict(
                isAffirming(cpu),
                executables(cpu),
                cpu.map(appraisal -> appraisal.annotatedEvidence().get(INIT_DATA))
                        .map(String::valueOf)
                        .filter(hex -> HEX.matcher(hex).matches())
                        .map(Bytes::ofHex));
    }

    /// What a result says in whichever form it is; of neither, that it is not affirming.
    ///
    /// @throws dev.realmesh.cca.ear.EarException if it is no result in the form that it says
    public static Verdict of(EarClaims claims) {
        return claims.ear()
                .map(Verdict::of)
                .or(() -> claims.trusteeEar().map(Verdict::of))
                .orElse(new Verdict(false, 0, Optional.empty()));
    }

    private static Optional<SubmodAppraisal> submod(Map<String, SubmodAppraisal> submods, String name) {
        return Optional.ofNullable(submods.get(name));
    }

    private static boolean isAffirming(Optional<SubmodAppraisal> appraisal) {
        return appraisal
                .filter(each ->
                        each.status() == TrustTier.AFFIRMING && each.vector().tier() == TrustTier.AFFIRMING)
                .isPresent();
    }

    private static int executables(Optional<SubmodAppraisal> appraisal) {
        return appraisal.map(each -> each.vector().get(TrustClaim.EXECUTABLES)).orElse(0);
    }
}
