// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import dev.realmesh.cca.cose.CoseKey;
import java.util.List;
import java.util.Optional;

/// The claims of a realm token, checked by the rules of its profile. Claims that no profile knows are kept in
/// [#toCbor]. A builder writes claims in the order of its calls; TF-RMM's is challenge, RPV, public key, hash
/// algorithm, public key hash algorithm, MEC policy, profile, RIM, REMs; in the profile of 2024 the instance id follows
/// the challenge.
public final class RealmClaims {
    public static final int CHALLENGE = 10;
    public static final int INSTANCE_ID = 256;
    public static final int PROFILE = 265;
    public static final int PERSONALIZATION_VALUE = 44235;
    public static final int HASH_ALGORITHM = 44236;
    public static final int PUBLIC_KEY = 44237;
    public static final int INITIAL_MEASUREMENT = 44238;
    public static final int EXTENSIBLE_MEASUREMENTS = 44239;
    public static final int PUBLIC_KEY_HASH_ALGORITHM = 44240;
    public static final int MEC_POLICY = 44243;

    /// How many extensible measurements a Realm has.
    public static final int EXTENSIBLE_MEASUREMENT_COUNT = 4;

    private final CborMap claims;
    private final ClaimReader reader;

    private RealmClaims(CborMap claims) {
        this.claims = claims;
        this.reader = new ClaimReader(claims);
        reader.bytes(CHALLENGE, 64);
        reader.bytes(PERSONALIZATION_VALUE, 64);
        reader.text(HASH_ALGORITHM);
        reader.text(PUBLIC_KEY_HASH_ALGORITHM);
        reader.hash(INITIAL_MEASUREMENT);
        int count = reader.hashes(EXTENSIBLE_MEASUREMENTS).size();
        if (count != EXTENSIBLE_MEASUREMENT_COUNT) {
            throw new TokenException.BadClaim(
                    EXTENSIBLE_MEASUREMENTS, count + " (expected: " + EXTENSIBLE_MEASUREMENT_COUNT + ")");
        }
        checkPublicKey();
    }

    /// The claims of a token's payload. A profile that is not known is no error here, but [#attestationKey] refuses.
    ///
    /// @throws TokenException if a claim breaks a rule
    public static RealmClaims of(CborMap claims) {
        return new RealmClaims(claims);
    }

    /// Starts claims; the builder's calls give the order.
    public static Builder builder() {
        return new Builder();
    }

    /// Claim 265; empty if absent.
    public String profileUri() {
        return reader.optionalText(PROFILE);
    }

    /// Claim 10, 64 bytes: what the Realm was asked to sign.
    public Bytes challenge() {
        return reader.bytes(CHALLENGE);
    }

    /// Claim 44235, 64 bytes (RPV).
    public Bytes personalizationValue() {
        return reader.bytes(PERSONALIZATION_VALUE);
    }

    /// Claim 44236: how the Realm is measured, such as `sha-256`.
    public String hashAlgorithm() {
        return reader.text(HASH_ALGORITHM);
    }

    /// Claim 44237 as it was carried; its hash is the platform token's challenge.
    public Bytes publicKey() {
        return reader.bytes(PUBLIC_KEY);
    }

    /// Claim 44238 (RIM).
    public Bytes initialMeasurement() {
        return reader.bytes(INITIAL_MEASUREMENT);
    }

    /// Claim 44239 (REM 0 to 3).
    public List<Bytes> extensibleMeasurements() {
        return reader.hashes(EXTENSIBLE_MEASUREMENTS);
    }

    /// Claim 44240: how the public key is hashed for the platform token's challenge.
    public String publicKeyHashAlgorithm() {
        return reader.text(PUBLIC_KEY_HASH_ALGORITHM);
    }

    /// Claim 256, a UEID of 33 bytes: this one Realm; empty if the token does not tell it, as those of 2023 do not.
    public Optional<Bytes> instanceId() {
        return claims.find(INSTANCE_ID)
                .filter(CborValue.ByteString.class::isInstance)
                .map(id -> ((CborValue.ByteString) id).value());
    }

    /// Claim 44243; empty if absent or unknown.
    public Optional<MecPolicy> mecPolicy() {
        return claims.find(MEC_POLICY).flatMap(MecPolicy::of);
    }

    /// The realm attestation key (RAK), read as the profile says.
    ///
    /// @throws TokenException.UnknownProfile if the profile is not known
    public CoseKey attestationKey() {
        return profile()
                .orElseThrow(() -> new TokenException.UnknownProfile(profileUri(), RealmProfile.V2023.uri()))
                .attestationKey(publicKey());
    }

    /// All claims in their order, those that no profile knows included.
    public CborMap toCbor() {
        return claims;
    }

    private Optional<RealmProfile> profile() {
        return RealmProfile.of(profileUri());
    }

    private void checkPublicKey() {
        Bytes claim = publicKey();
        try {
            profile().ifPresent(profile -> profile.attestationKey(claim));
        } catch (CborException e) {
            TokenException refused = new TokenException.BadClaim(PUBLIC_KEY, String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    /// Collects claims; the order of the calls is the order in the token.
    public static final class Builder {
        private final CborMap.Builder claims = CborMap.builder();

        private Builder() {}

        /// Claim 10.
        public Builder challenge(Bytes challenge) {
            return claim(CHALLENGE, CborValue.of(challenge));
        }

        /// Claim 265; [RealmProfile#LEGACY] writes none.
        public Builder profile(RealmProfile profile) {
            return profile == RealmProfile.LEGACY ? this : claim(PROFILE, CborValue.of(profile.uri()));
        }

        /// Claim 44235.
        public Builder personalizationValue(Bytes value) {
            return claim(PERSONALIZATION_VALUE, CborValue.of(value));
        }

        /// Claim 44236.
        public Builder hashAlgorithm(String name) {
            return claim(HASH_ALGORITHM, CborValue.of(name));
        }

        /// Claim 44237: the bytes as the profile wants them, such as [CoseKey#encode].
        public Builder publicKey(Bytes key) {
            return claim(PUBLIC_KEY, CborValue.of(key));
        }

        /// Claim 44238.
        public Builder initialMeasurement(Bytes rim) {
            return claim(INITIAL_MEASUREMENT, CborValue.of(rim));
        }

        /// Claim 44239.
        public Builder extensibleMeasurements(List<Bytes> rems) {
            return claim(
                    EXTENSIBLE_MEASUREMENTS,
                    new CborValue.Array(rems.stream().map(CborValue::of).toList()));
        }

        /// Claim 44240.
        public Builder publicKeyHashAlgorithm(String name) {
            return claim(PUBLIC_KEY_HASH_ALGORITHM, CborValue.of(name));
        }

        /// Claim 256, 33 bytes of which the first is 1.
        public Builder instanceId(Bytes id) {
            return claim(INSTANCE_ID, CborValue.of(id));
        }

        /// Claim 44243, as TF-RMM writes it in a token of `profile`.
        public Builder mecPolicy(MecPolicy policy, RealmProfile profile) {
            return claim(MEC_POLICY, policy.claim(profile));
        }

        /// Any claim.
        public Builder claim(int label, CborValue value) {
            claims.put(label, value);
            return this;
        }

        /// The claims.
        ///
        /// @throws TokenException if they break a rule
        public RealmClaims build() {
            return new RealmClaims(claims.build());
        }
    }
}
