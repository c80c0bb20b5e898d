// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.ServiceFixture;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.ArmCcaScheme;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.corim.SignedCorim;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.storage.Database;
import dev.realmesh.testkit.Mutations;
import dev.realmesh.testkit.Seeds;
import dev.realmesh.testkit.Vectors;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Ten thousand changes of CoRIMs, with the twenty seeds of a run: each is taken as a whole or refused by an
/// [EndorsementException], and whatever is taken, no token is appraised better than with the CoRIM that was changed.
class MutatedCorimTest {
    private static final int CHANGES = 500;
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final List<Bytes> ROOTS =
            List.of(Bytes.copyOf(Vectors.bytes("attestation/keys/TEST-corim-rootCA.crt")));
    private static final List<String> BASE = List.of("up-cca-platform-valid", "up-cca-realm-valid");
    private static final List<String> GOOD = List.of(
            "up-cca-platform-valid",
            "up-cca-realm-valid",
            "m-plat-base",
            "m-plat-two-triples",
            "m-realm-rim-rpv",
            "m-realm-rem0-only",
            "s-signed-ok");

    /// A token that the base scenario affirms, and some that it does not, for one reason each.
    private static final List<String> TOKENS = List.of(
            "good-399",
            "rim-unknown",
            "rem0-changed",
            "rpv-changed",
            "config-other",
            "sw-unknown",
            "sw-other-signer",
            "lifecycle-decommissioned",
            "instid-unknown",
            "realm-sig-flipped");

    private static final Map<Question, TrustTier> VERDICTS = new HashMap<>();

    private record Question(List<Corim> corims, String token, AppraisalMode mode) {}

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void isRefusedOrStatesNoMoreThanBefore(long seed) {
        RandomGenerator random = Seeds.random(seed);
        try (Database database = Database.openSqlite(folder.resolve("test.db"), AttestationService.MIGRATIONS)) {
            EndorsementStore store = new EndorsementStore(database, InstantSource.fixed(NOW));
            Provisioning provisioning = new Provisioning(store, ROOTS, InstantSource.fixed(NOW));
            BASE.forEach(name -> provisioning.submit(bytes(name), ""));
            List<Bytes> taken =
                    new ArrayList<>(BASE.stream().map(MutatedCorimTest::bytes).toList());
            for (int i = 0; i < CHANGES; i++) {
                String name = GOOD.get(random.nextInt(GOOD.size()));
                Bytes changed = Bytes.copyOf(Mutations.of(bytes(name).toByteArray(), random));
                if (isTaken(provisioning, changed)) {
                    taken.add(changed);
                    requireNoBetter(name, changed, random);
                }
            }
            requireStored(database, taken);
            GivenCorims given =
                    new GivenCorims(taken.stream().map(MutatedCorimTest::corim).toList(), NOW);
            for (AppraisalMode mode : AppraisalMode.values()) {
                assertThat(appraise(store, "good-399", mode))
                        .containsOnlyKeys(Ear.PLATFORM, Ear.REALM)
                        .isEqualTo(appraise(given, "good-399", mode));
            }
        }
    }

    private static boolean isTaken(Provisioning provisioning, Bytes changed) {
        try {
            provisioning.submit(changed, "");
            return true;
        } catch (EndorsementException e) {
            return false;
        }
    }

    /// One token by one kind of rules for each change: signatures take most of the time.
    private static void requireNoBetter(String name, Bytes changed, RandomGenerator random) {
        Corim corim = corim(changed);
        if (name.startsWith("s-")) {
            assertThat(corim).isEqualTo(corim(bytes(name)));
        }
        String token = TOKENS.get(random.nextInt(TOKENS.size()));
        AppraisalMode mode = AppraisalMode.values()[random.nextInt(AppraisalMode.values().length)];
        TrustTier verdict = verdict(List.of(corim), token, mode);
        assertThat(isBetter(verdict, verdict(List.of(), token, mode))
                        && isBetter(verdict, verdict(List.of(corim(bytes(name))), token, mode)))
                .as("%s is %s by a change of %s, %s", token, verdict, name, mode)
                .isFalse();
    }

    /// No verdict at all, Veraison's answer to reference values that contradict themselves, is not better than any.
    private static boolean isBetter(TrustTier verdict, TrustTier before) {
        return verdict != TrustTier.NONE && verdict.worseVerdict(before) != verdict;
    }

    /// The verdict on a token in the base scenario with one more CoRIM, or none.
    private static TrustTier verdict(List<Corim> more, String token, AppraisalMode mode) {
        List<Corim> corims = Stream.concat(BASE.stream().map(name -> corim(bytes(name))), more.stream())
                .toList();
        return VERDICTS.computeIfAbsent(new Question(corims, token, mode), MutatedCorimTest::verdict);
    }

    private static TrustTier verdict(Question question) {
        return appraise(new GivenCorims(question.corims(), NOW), question.token(), question.mode()).values().stream()
                .map(SubmodAppraisal::status)
                .reduce(TrustTier::worseVerdict)
                .orElseThrow();
    }

    private static Map<String, SubmodAppraisal> appraise(Endorsements endorsements, String token, AppraisalMode mode) {
        return new ArmCcaScheme(endorsements, mode)
                .appraise(new AppraisalRequest(
                        Bytes.copyOf(Vectors.bytes("attestation/tokens/" + token + ".cbor")), ServiceFixture.NONCE));
    }

    private static void requireStored(Database database, List<Bytes> taken) {
        List<Bytes> submitted = new ArrayList<>();
        database.read("read all", connection -> {
            try (Statement select = connection.createStatement();
                    ResultSet rows =
                            select.executeQuery("SELECT c.submitted, c.content, COUNT(s.corim_key) FROM corim c"
                                    + " LEFT JOIN corim_subject s ON s.corim_key = c.corim_key GROUP BY c.corim_key"
                                    + " ORDER BY c.corim_key")) {
                while (rows.next()) {
                    submitted.add(Bytes.copyOf(rows.getBytes(1)));
                    Corim corim = Corim.decode(Bytes.copyOf(rows.getBytes(2)));
                    assertThat(corim).isEqualTo(corim(submitted.getLast()));
                    assertThat(rows.getLong(3))
                            .isEqualTo(corim.triples().stream()
                                    .map(Subject::of)
                                    .distinct()
                                    .count());
                }
                return submitted;
            }
        });
        assertThat(submitted).isEqualTo(taken);
    }

    private static Corim corim(Bytes content) {
        return SignedCorim.isSigned(content) ? SignedCorim.decode(content).verify(ROOTS, NOW) : Corim.decode(content);
    }

    private static Bytes bytes(String corim) {
        return Bytes.copyOf(Vectors.bytes("attestation/endorsements/" + corim + ".cbor"));
    }
}
