// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.rcar;

import dev.realmesh.cca.ear.EarException;
import dev.realmesh.cca.ear.RelyingParty;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrusteeEar;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.TeePublicKey;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The passport model (RFC 9334, section 5.1): a guest shows the result of a verifier that the broker is configured to
/// believe, in Trustee's form, and needs no handshake. The result names the TEE key that its evidence was bound to, so
/// whoever steals it gets nothing that they could open.
public final class Passports {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final RelyingParty relyingParty;

    /// Passports of the verifiers that a relying party believes.
    public Passports(RelyingParty relyingParty) {
        this.relyingParty = relyingParty;
    }

    /// The Realm that a passport vouches for.
    ///
    /// @param token the passport, a JWT
    /// @throws RcarException.NotTrusted if it is not one of a configured verifier, or has expired
    /// @throws RcarException.NotAffirming if its verdict is another
    /// @throws KbsException.Malformed if its key or settings cannot be used
    public AttestedRealm accept(String token) {
        TrusteeEar ear;
        try {
            ear = relyingParty.requireAffirmingPassport(token);
        } catch (EarException.NotAffirming | EarException.MissingSubmod e) {
            throw new RcarException.NotAffirming(String.valueOf(e.getMessage()));
        } catch (EarException e) {
            throw new RcarException.NotTrusted(String.valueOf(e.getMessage()));
        }
        SubmodAppraisal cpu = ear.submods().get(TrusteeEar.CPU);
        Map<String, Object> evidence = cpu == null ? Map.of() : cpu.annotatedEvidence();
        return new AttestedRealm(
                teePublicKey(evidence), Verdict.of(ear), settings(evidence), token, AttestedRealm.passportName(token));
    }

    private static TeePublicKey teePublicKey(Map<String, Object> evidence) {
        Object key = object(evidence, "runtime_data_claims").get("tee-pubkey");
        return TeePublicKey.parse(JSON.writeValueAsBytes(key == null ? Map.of() : key));
    }

    private static Optional<RealmSettings> settings(Map<String, Object> evidence) {
        return object(evidence, "init_data_claims").get(RealmSettings.NAME) instanceof String toml
                ? Optional.of(RealmSettings.parse(toml))
                : Optional.empty();
    }

    private static Map<?, ?> object(Map<String, Object> evidence, String name) {
        return evidence.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }
}
