// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.endorsement.GivenCorims;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.CorimProfile;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.token.CcaEvidence;
import dev.realmesh.cca.token.IntegrityException;
import dev.realmesh.cca.token.ReferenceValueStore;
import dev.realmesh.cca.token.TokenException;
import dev.realmesh.cca.token.TrustAnchorStore;
import dev.realmesh.testkit.Vectors;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The Rust `ccatoken` (`verify`, `appraise`) on every recorded token, beside what is made here of the same token with
/// the same files of trust anchors and reference values. The tables of attestation-service's README say why each class
/// differs.
class CcatokenOutcomesTest {
    private static final TrustAnchorStore ANCHORS =
            TrustAnchorStore.parse(Vectors.text("attestation/rust/ta-base.json"));
    private static final ReferenceValueStore VALUES =
            ReferenceValueStore.parse(Vectors.text("attestation/rust/rv-base.json"));
    private static final GivenCorims CORIMS = new GivenCorims(
            List.of(
                    Corim.of("anchors", CorimProfile.PLATFORM, ANCHORS.anchors()),
                    Corim.of("platforms", CorimProfile.PLATFORM, VALUES.platforms()),
                    Corim.of("realms", CorimProfile.REALM, VALUES.realms())),
            Instant.parse("2026-11-23T12:00:00Z"));

    /// Claims in the order of AR4SI: instance-identity, configuration, executables, file-system, hardware,
    /// runtime-opaque,
    /// storage-opaque, sourced-data.
    private static final String REFUSED = "99 99 99 99 99 99 99 99";

    private static final String GOOD_PLATFORM = "2 2 2 0 2 2 2 0";
    private static final String GOOD_REALM = "2 0 2 0 0 0 0 0";

    /// What `verify` here says otherwise, by class.
    private static final Map<String, Set<String>> VERIFIES_OTHERWISE = Map.of(
            // Read here: tag 907, other SHA-2 for the RAK, a platform hash that nothing is computed with, unknown keys.
            "genuine", Set.of("good-907", "good-rakhash384", "platform-hashalg-bad", "malformed-extra-key"),
            // Not read here: no tag of COSE_Sign1, bytes behind, a key twice, an indefinite map, a RAK that contradicts
            // its
            // algorithm or profile, an instance id that is none.
            "no token",
                    Set.of(
                            "untagged-sign1",
                            "malformed-trailing",
                            "malformed-dup-key",
                            "indefinite-map",
                            "rak-cose-wrongalg",
                            "rak-raw-with-profile",
                            "instid-prefix2"),
            // A key is that of an implementation and an instance.
            "no trust anchor", Set.of("implid-unknown"),
            // An algorithm counts where it is signed, and its absence is no crash.
            "platform signature", Set.of("alg-unprotected", "alg-none"),
            // Read, and then not genuine.
            "realm", Set.of("rakhash-unknown", "realm-profile-unknown"));

    /// What `appraise` here finds in genuine tokens besides what the tools' own vector stands for.
    private static final Map<String, Set<String>> APPRAISES_OTHERWISE = Map.of(
            "lifecycle", Set.of("lifecycle-unknown", "lifecycle-assembly", "lifecycle-decommissioned"),
            "personalization value", Set.of("rpv-changed", "rpv-z"),
            "configuration", Set.of("config-other", "config-empty"),
            "software", Set.of("rust-02", "sw-unknown", "sw-extra", "sw-other-version", "sw-no-type"),
            "software, strict", Set.of("sw-subset", "sw-other-signer"),
            "order of software", Set.of("sw-reordered"),
            "hash of another curve, strict", Set.of("alg-es384-p256"));

    private record Case(String token, JsonNode verify, JsonNode appraise) {
        @Override
        public String toString() {
            return token;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void agreesOnWhatIsGenuine(Case each) {
        String theirs = theirs(each.verify());
        String expected = classOf(each.token(), VERIFIES_OTHERWISE, theirs);
        assertThat(verify(each.token())).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void appraisesGenuineTokensAsVeraisonDoes(Case each) {
        for (AppraisalMode mode : AppraisalMode.values()) {
            assertThat(appraise(each.token(), mode))
                    .as(mode.toString())
                    .isEqualTo(
                            verify(each.token()).equals("genuine")
                                    ? expected(each, mode)
                                    : Map.of(Ear.REFUSED, REFUSED));
        }
    }

    @ParameterizedTest
    @MethodSource("classes")
    void eachExceptionIsOne(String name, Set<String> tokens, boolean ofVerify) {
        List<Case> cases = cases().filter(each -> tokens.contains(each.token())).toList();
        assertThat(cases).hasSameSizeAs(tokens);
        assertThat(cases).allSatisfy(each -> {
            if (ofVerify) {
                assertThat(theirs(each.verify())).isNotEqualTo(name);
            } else {
                assertThat(verify(each.token())).isEqualTo("genuine");
                assertThat(expected(each, AppraisalMode.STRICT))
                        .isNotEqualTo(ofTheirVector(each, AppraisalMode.STRICT));
            }
        });
    }

    private static Map<String, String> expected(Case each, AppraisalMode mode) {
        boolean strict = mode == AppraisalMode.STRICT;
        return switch (classOf(each.token(), APPRAISES_OTHERWISE, "")) {
            case "lifecycle" -> verdict("96 2 2 0 2 96 96 0", GOOD_REALM);
            case "personalization value" -> verdict(GOOD_PLATFORM, "2 0 96 0 0 0 0 0");
            case "configuration" -> verdict("2 32 2 0 2 2 2 0", GOOD_REALM);
            case "software" -> verdict("2 2 33 0 2 2 2 0", GOOD_REALM);
            case "software, strict" -> verdict(strict ? "2 2 33 0 2 2 2 0" : GOOD_PLATFORM, GOOD_REALM);
            case "order of software" -> verdict(GOOD_PLATFORM, GOOD_REALM);
            case "hash of another curve, strict" ->
                strict ? Map.of(Ear.REFUSED, REFUSED) : verdict(GOOD_PLATFORM, GOOD_REALM);
            default -> ofTheirVector(each, mode);
        };
    }

    /// What the tools' own verdict is in Veraison's claims. A token that only is read here has none of theirs.
    private static Map<String, String> ofTheirVector(Case each, AppraisalMode mode) {
        String realm = each.appraise().path("realm").path("executables").asString("");
        String theirs = "%s %s"
                .formatted(each.appraise().path("platform").path("hardware").asString(""), realm);
        return switch (theirs) {
            case " ", "2 2" -> verdict(GOOD_PLATFORM, GOOD_REALM);
            case "2 96" ->
                verdict(GOOD_PLATFORM, mode == AppraisalMode.STRICT ? "2 0 33 0 0 0 0 0" : "2 0 3 0 0 0 0 0");
            case "2 -97" -> verdict(GOOD_PLATFORM, "2 0 33 0 0 0 0 0");
            case "97 0" -> Map.of("an unknown platform", "");
            default -> throw new IllegalArgumentException(theirs);
        };
    }

    private static Map<String, String> verdict(String platform, String realm) {
        return Map.of(Ear.PLATFORM, platform, Ear.REALM, realm);
    }

    private static String classOf(String token, Map<String, Set<String>> classes, String otherwise) {
        return classes.entrySet().stream()
                .filter(each -> each.getValue().contains(token))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(otherwise);
    }

    private static String theirs(JsonNode verify) {
        String vectors = verify.path("platform").path("instance-identity").asString("none") + " "
                + verify.path("realm").path("instance-identity").asString("none");
        return switch (vectors) {
            case "2 2" -> "genuine";
            case "97 0" -> "no trust anchor";
            case "99 0" -> "platform signature";
            case "2 99", "2 1" -> "realm";
            case "none none" -> "no token";
            default -> throw new IllegalArgumentException(vectors);
        };
    }

    private static String verify(String token) {
        try {
            ANCHORS.requireGenuine(CcaEvidence.decode(bytes(token)));
            return "genuine";
        } catch (TokenException e) {
            return "no token";
        } catch (IntegrityException.NoTrustAnchor e) {
            return "no trust anchor";
        } catch (IntegrityException.PlatformSignature e) {
            return "platform signature";
        } catch (IntegrityException e) {
            return "realm";
        }
    }

    /// The vectors by submod; the token is taken for fresh, as those tools do.
    private static Map<String, String> appraise(String token, AppraisalMode mode) {
        Map<String, String> vectors = new HashMap<>();
        new ArmCcaScheme(CORIMS, mode)
                .appraise(new AppraisalRequest(bytes(token), challenge(token)))
                .forEach((submod, appraisal) -> vectors.put(submod, vector(appraisal)));
        return vectors;
    }

    private static Bytes challenge(String token) {
        try {
            return CcaEvidence.decode(bytes(token)).realm().claims().challenge();
        } catch (TokenException e) {
            return Bytes.copyOf(new byte[64]);
        }
    }

    private static String vector(SubmodAppraisal appraisal) {
        return Stream.of(TrustClaim.values())
                .map(claim -> String.valueOf(appraisal.vector().get(claim)))
                .collect(joining(" "));
    }

    static Stream<Case> cases() {
        JsonNode tokens = JsonMapper.shared()
                .readTree(Vectors.bytes("attestation/rust-ccatoken-outcomes.json"))
                .get("tokens");
        return tokens.properties().stream()
                .map(each -> new Case(
                        each.getKey(),
                        each.getValue().get("verify"),
                        each.getValue().get("appraise")));
    }

    static Stream<Object[]> classes() {
        return Stream.concat(
                VERIFIES_OTHERWISE.entrySet().stream().map(each -> new Object[] {each.getKey(), each.getValue(), true}),
                APPRAISES_OTHERWISE.entrySet().stream()
                        .map(each -> new Object[] {each.getKey(), each.getValue(), false}));
    }

    private static Bytes bytes(String token) {
        return Bytes.copyOf(Vectors.bytes("attestation/tokens/" + token + ".cbor"));
    }
}
