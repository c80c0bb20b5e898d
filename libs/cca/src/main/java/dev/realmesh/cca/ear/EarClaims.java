// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The claims of a result in Veraison's form or in Trustee's, whoever signed it: what policies of a relying party see.
/// JSON values: maps, lists, texts, numbers, booleans, `null`s.
public final class EarClaims {
    private final Map<String, Object> claims;

    private EarClaims(Map<String, Object> claims) {
        this.claims = claims;
    }

    /// The claims of a signed result; the signature is not looked at.
    ///
    /// @param jwt JWS compact
    /// @throws EarException.Malformed if it is none
    public static EarClaims in(String jwt) {
        return new EarClaims(EarVerifier.payload(EarVerifier.parse(jwt)));
    }

    /// The claims of a result that is not signed.
    public static EarClaims of(Map<String, Object> claims) {
        return new EarClaims(new TreeMap<>(claims));
    }

    /// The result, if it is in Veraison's form.
    ///
    /// @throws EarException if it says so, and is not
    public Optional<Ear> ear() {
        return isOf(Ear.PROFILE) ? Optional.of(EarJson.read(claims)) : Optional.empty();
    }

    /// The result, if it is in Trustee's form.
    ///
    /// @throws EarException if it says so, and is not
    public Optional<TrusteeEar> trusteeEar() {
        return isOf(TrusteeEar.PROFILE) ? Optional.of(EarJson.readTrustee(claims)) : Optional.empty();
    }

    /// The claims as policies for a Trustee KBS expect them: beside the verdicts on platform and Realm, where there are
    /// two, that on both as [TrusteeEar#CPU].
    ///
    /// @param known what else is known of the evidence, as in [CpuAppraisal#of]
    /// @throws EarException if it is no result in the form that it says
    public Map<String, Object> forPolicies(Map<String, Object> known) {
        Optional<Ear> both = ear().filter(ear ->
                ear.submods().containsKey(Ear.PLATFORM) && ear.submods().containsKey(Ear.REALM));
        if (both.isEmpty()) {
            return claims;
        }
        Map<String, Object> submods = new TreeMap<>(EarJson.object(claims, EarJson.SUBMODS));
        submods.put(TrusteeEar.CPU, EarJson.writeTrustee(CpuAppraisal.of(both.get(), known)));
        Map<String, Object> extended = new TreeMap<>(claims);
        extended.put(EarJson.SUBMODS, submods);
        return extended;
    }

    private boolean isOf(String profile) {
        return profile.equals(claims.get(EarJson.PROFILE));
    }
}
