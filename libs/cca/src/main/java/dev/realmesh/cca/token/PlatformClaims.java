// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.List;
import java.util.Set;

/// The claims of a platform token, checked by the rules of its profile. Claims that no profile knows are kept in
/// [#toCbor]. A builder writes claims in the order of its calls.
public final class PlatformClaims {
    public static final int CHALLENGE = 10;
    public static final int INSTANCE_ID = 256;
    public static final int PROFILE = 265;
    public static final int LIFECYCLE = 2395;
    public static final int IMPLEMENTATION_ID = 2396;
    public static final int SOFTWARE_COMPONENTS = 2399;
    public static final int SERVICE_INDICATOR = 2400;
    public static final int CONFIG = 2401;
    public static final int HASH_ALGORITHM = 2402;

    /// Profile of the CCA security model 1.0.
    public static final String PROFILE_LEGACY = "http://arm.com/CCA-SSD/1.0.0";
    /// Profile of 2023, the one that published verification speaks.
    public static final String PROFILE_2023 = "tag:arm.com,2023:cca_platform#1.0.0";
    /// Profile of 2024; the binding is still by the challenge.
    public static final String PROFILE_2024 = "tag:arm.com,2024:cca_platform#2.0.0";

    private static final Set<String> PROFILES =
            Set.of(PROFILE_LEGACY, PROFILE_2023, PROFILE_2024, "tag:arm.com,2024:platform#2.0.0");
    private static final int UEID_RANDOM = 1;

    private final CborMap claims;
    private final ClaimReader reader;
    private final SecurityLifecycle lifecycle;
    private final List<SoftwareComponent> softwareComponents;

    private PlatformClaims(CborMap claims) {
        this.claims = claims;
        this.reader = new ClaimReader(claims);
        String profile = reader.text(PROFILE);
        if (!PROFILES.contains(profile)) {
            throw new TokenException.UnknownProfile(profile, PROFILE_2023 + " or another of CCA platforms");
        }
        reader.hash(CHALLENGE);
        reader.bytes(IMPLEMENTATION_ID, 32);
        reader.bytes(CONFIG);
        reader.text(HASH_ALGORITHM);
        reader.optionalText(SERVICE_INDICATOR);
        if (reader.bytes(INSTANCE_ID, 33).at(0) != UEID_RANDOM) {
            throw new TokenException.BadClaim(INSTANCE_ID, "another type of UEID (expected: first byte 1)");
        }
        int state = reader.unsigned16(LIFECYCLE);
        this.lifecycle = SecurityLifecycle.of(state)
                .orElseThrow(() -> new TokenException.BadClaim(
                        LIFECYCLE, "0x" + Integer.toHexString(state) + " (expected: in a range of a state)"));
        this.softwareComponents = reader.array(SOFTWARE_COMPONENTS).stream()
                .map(SoftwareComponent::of)
                .toList();
        if (softwareComponents.isEmpty()) {
            throw new TokenException.BadClaim(SOFTWARE_COMPONENTS, "none (expected: at least one)");
        }
    }

    /// The claims of a token's payload.
    ///
    /// @throws TokenException if a claim breaks a rule
    public static PlatformClaims of(CborMap claims) {
        return new PlatformClaims(claims);
    }

    /// Starts claims of the profile of 2023; the builder's calls give the order.
    public static Builder builder() {
        return new Builder();
    }

    /// Claim 265.
    public String profile() {
        return reader.text(PROFILE);
    }

    /// Claim 10: the hash of the realm attestation key, by which the two tokens are bound.
    public Bytes challenge() {
        return reader.bytes(CHALLENGE);
    }

    /// Claim 2396, 32 bytes: the kind of platform.
    public Bytes implementationId() {
        return reader.bytes(IMPLEMENTATION_ID);
    }

    /// Claim 256, a UEID of 33 bytes: this one platform.
    public Bytes instanceId() {
        return reader.bytes(INSTANCE_ID);
    }

    /// Claim 2401: the platform's configuration, opaque.
    public Bytes config() {
        return reader.bytes(CONFIG);
    }

    /// Claim 2395 as the number that it is.
    public int lifecycleNumber() {
        return reader.unsigned16(LIFECYCLE);
    }

    /// Claim 2395 as a state.
    public SecurityLifecycle lifecycle() {
        return lifecycle;
    }

    /// Claim 2399, at least one.
    public List<SoftwareComponent> softwareComponents() {
        return softwareComponents;
    }

    /// Claim 2400: where a verifier is; empty if not told.
    public String serviceIndicator() {
        return reader.optionalText(SERVICE_INDICATOR);
    }

    /// Claim 2402, such as `sha-256`.
    public String hashAlgorithm() {
        return reader.text(HASH_ALGORITHM);
    }

    /// All claims in their order, those that no profile knows included.
    public CborMap toCbor() {
        return claims;
    }

    /// Collects claims; the order of the calls is the order in the token.
    public static final class Builder {
        private final CborMap.Builder claims = CborMap.builder();

        private Builder() {}

        /// Claim 265.
        public Builder profile(String profile) {
            return claim(PROFILE, CborValue.of(profile));
        }

        /// Claim 10.
        public Builder challenge(Bytes challenge) {
            return claim(CHALLENGE, CborValue.of(challenge));
        }

        /// Claim 2396.
        public Builder implementationId(Bytes implementationId) {
            return claim(IMPLEMENTATION_ID, CborValue.of(implementationId));
        }

        /// Claim 256.
        public Builder instanceId(Bytes instanceId) {
            return claim(INSTANCE_ID, CborValue.of(instanceId));
        }

        /// Claim 2401.
        public Builder config(Bytes config) {
            return claim(CONFIG, CborValue.of(config));
        }

        /// Claim 2395.
        public Builder lifecycle(int number) {
            return claim(LIFECYCLE, CborValue.of(number));
        }

        /// Claim 2399.
        public Builder softwareComponents(List<SoftwareComponent> components) {
            return claim(
                    SOFTWARE_COMPONENTS,
                    new CborValue.Array(List.copyOf(
                            components.stream().map(SoftwareComponent::toCbor).toList())));
        }

        /// Claim 2400.
        public Builder serviceIndicator(String url) {
            return claim(SERVICE_INDICATOR, CborValue.of(url));
        }

        /// Claim 2402.
        public Builder hashAlgorithm(String name) {
            return claim(HASH_ALGORITHM, CborValue.of(name));
        }

        /// Any claim.
        public Builder claim(int label, CborValue value) {
            claims.put(label, value);
            return this;
        }

        /// The claims.
        ///
        /// @throws TokenException if they break a rule
        public PlatformClaims build() {
            return new PlatformClaims(claims.build());
        }
    }
}
