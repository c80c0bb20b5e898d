// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.KeyReleaseTest.refused;
import static dev.realmesh.keybroker.ScriptedVerifier.affirmingSubmods;
import static dev.realmesh.keybroker.ScriptedVerifier.submod;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the broker does not take for proof, though a verifier answered: and what it says when none does.
class AppraisalRefusalTest {
    private static final String PATH = "default/key/k1";
    private static final byte[] SECRET = {1, 2, 3};

    @TempDir
    Path folder;

    private BrokerUnderTest broker;

    @BeforeEach
    void open() {
        broker = new BrokerUnderTest(folder);
        broker.put(PATH, SECRET);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    /// An appraisal of another session's evidence, replayed: its nonce is that session's.
    @Test
    void appraisalForAnotherSessionIsRefused() {
        GuestUnderTest other = new GuestUnderTest(broker.guest());
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        broker.verifier.answer(request -> broker.verifier.ear(
                Bytes.copyOf(other.boundChallenge()), affirmingSubmods(broker.initdata.personalizationValue())));

        refused(Status.Code.UNAUTHENTICATED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    /// Evidence that was made for one key, and is sent with another: the verifier is asked about the other one.
    @Test
    void otherTeeKeyIsAnotherChallenge() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        Bytes bound = Bytes.copyOf(guest.boundChallenge());
        broker.verifier.answer(
                request -> broker.verifier.ear(bound, affirmingSubmods(broker.initdata.personalizationValue())));
        AttestRequest swapped = guest.attestation(broker.initdata)
                .setTeePublicKey(
                        ByteString.copyFromUtf8(TeeKey.generate().publicKey().toJson()))
                .build();

        refused(Status.Code.UNAUTHENTICATED, () -> broker.guest().attest(swapped));
        assertThat(broker.verifier.requests.getFirst().getChallenge().toByteArray())
                .isNotEqualTo(bound.toByteArray());
    }

    @Test
    void appraisalByAnotherSignerIsRefused() {
        broker.verifier.signBy(EarSigningKey.generate());
        GuestUnderTest guest = new GuestUnderTest(broker.guest());

        refused(Status.Code.PERMISSION_DENIED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    @Test
    void appraisalOfLongAgoIsRefused() {
        Ear[] old = new Ear[1];
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        old[0] = broker.verifier.ear(
                Bytes.copyOf(guest.boundChallenge()), affirmingSubmods(broker.initdata.personalizationValue()));
        broker.verifier.answer(request -> new Ear(
                old[0].issuedAt().minus(Duration.ofHours(1)), old[0].nonce(), old[0].verifier(), old[0].submods()));

        refused(Status.Code.PERMISSION_DENIED, () -> guest.attest(broker.initdata));
    }

    @ParameterizedTest(name = "{0} with executables {1}")
    @CsvSource({
        "CCA_REALM, 33",
        "CCA_REALM, 96",
        "CCA_REALM, 99",
        "CCA_REALM, -97",
        "CCA_SSD_PLATFORM, 33",
        "CCA_SSD_PLATFORM, 97",
        "CCA_SSD_PLATFORM, -128"
    })
    void submodThatIsNotAffirmingIsRefused(String name, int executables) {
        Map<String, SubmodAppraisal> submods = new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.put(name, submod(executables));
        broker.verifier.answerSubmods(submods);
        GuestUnderTest guest = new GuestUnderTest(broker.guest());

        refused(Status.Code.PERMISSION_DENIED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    @Test
    void submodWithoutAnyClaimIsRefused() {
        Map<String, SubmodAppraisal> submods = new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.put(Ear.REALM, SubmodAppraisal.of(TrustVector.NO_CLAIM, "policy:ARM_CCA", ""));
        broker.verifier.answerSubmods(submods);

        refused(Status.Code.PERMISSION_DENIED, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
    }

    @ParameterizedTest
    @ValueSource(strings = {Ear.PLATFORM, Ear.REALM})
    void missingSubmodIsRefused(String name) {
        Map<String, SubmodAppraisal> submods = new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.remove(name);
        broker.verifier.answerSubmods(submods);

        refused(Status.Code.PERMISSION_DENIED, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
    }

    /// The guest, and who launched it, are told what is wrong, but no values of claims.
    @Test
    void refusedEvidenceIsRefused() {
        String problem =
                "freshness: realm challenge (" + "0a".repeat(64) + ") does not match session nonce (0b0b0b0b0b0b0b0b)";
        broker.verifier.answerSubmods(
                Map.of(Ear.REFUSED, SubmodAppraisal.of(TrustVector.REFUSED, "policy:ARM_CCA", problem)));

        StatusRuntimeException refusal = refused(
                Status.Code.PERMISSION_DENIED, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
        assertThat(refusal)
                .hasMessageEndingWith(
                        "absent, freshness: realm challenge does not match session nonce" + " (expected: affirming)");
    }

    @Test
    void initdataThatTheRealmWasNotLaunchedWithIsRefused() {
        broker.verifier.answerSubmods(affirmingSubmods(new byte[Initdata.RPV_LENGTH]));
        GuestUnderTest guest = new GuestUnderTest(broker.guest());

        refused(Status.Code.PERMISSION_DENIED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    /// The host may launch a genuine Realm with initdata of its own.
    @Test
    void initdataThatPinsAnotherBrokerGetsNoSecret() {
        Initdata foreign = new RealmSettings(
                        BrokerIdentity.generate().publicKey(), ImagePolicy.ENCRYPTED_ONLY, AgentPolicy.NOTHING)
                .toInitdata();
        broker.verifier.answerSubmods(affirmingSubmods(foreign.personalizationValue()));
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(foreign);

        refused(Status.Code.PERMISSION_DENIED, () -> guest.get(PATH));
        refused(Status.Code.PERMISSION_DENIED, () -> guest.get("default/key/none"));
    }

    @Test
    void realmWithoutInitdataGetsNoSecret() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        var unused = broker.guest()
                .attest(guest.attestation(broker.initdata).clearInitdata().build());

        refused(Status.Code.PERMISSION_DENIED, () -> guest.get(PATH));
    }

    @Test
    void onlyListedInitdataGetsASecretWhereTheOwnerListsIt() {
        String allowed = HexFormat.of().formatHex(broker.initdata.personalizationValue());
        broker.close();
        try (BrokerUnderTest strict = new BrokerUnderTest(folder, 16, List.of(allowed))) {
            GuestUnderTest listed = new GuestUnderTest(strict.guest());
            listed.attest(strict.initdata);
            Initdata loose = new RealmSettings(
                            strict.broker.identity(),
                            ImagePolicy.ENCRYPTED_ONLY,
                            AgentPolicy.allowing(Permission.COMMAND, Permission.ENVIRONMENT, Permission.EXEC))
                    .toInitdata();
            strict.verifier.answerSubmods(affirmingSubmods(loose.personalizationValue()));
            GuestUnderTest unlisted = new GuestUnderTest(strict.guest());
            unlisted.attest(loose);

            assertThat(listed.secret(PATH, strict.broker.identity())).isEqualTo(SECRET);
            refused(Status.Code.PERMISSION_DENIED, () -> unlisted.get(PATH));
        }
    }

    @Test
    void absentVerifierIsUnavailable() {
        broker.stopVerifier();

        refused(Status.Code.UNAVAILABLE, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
    }

    /// UNAVAILABLE tells the guest that nothing happened, and that it may try again: so it must be.
    @Test
    void challengeStandsWhileNoVerifierIsReached() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        broker.verifier.answer(request -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        });
        refused(Status.Code.UNAVAILABLE, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));

        broker.verifier.answerSubmods(affirmingSubmods(broker.initdata.personalizationValue()));
        guest.attest(broker.initdata);

        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
        refused(Status.Code.UNAUTHENTICATED, () -> guest.attest(broker.initdata));
    }

    @Test
    void challengeOfAnAppraisalWithoutAnAnswerIsUsed() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        broker.verifier.answer(request -> {
            throw Status.DEADLINE_EXCEEDED.asRuntimeException();
        });
        refused(Status.Code.DEADLINE_EXCEEDED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.attest(broker.initdata));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, INVALID_ARGUMENT",
        "INTERNAL, INTERNAL",
        "DEADLINE_EXCEEDED, DEADLINE_EXCEEDED",
        "UNIMPLEMENTED, INTERNAL",
        "UNAVAILABLE, UNAVAILABLE"
    })
    void failureOfTheVerifierIsNoVerdict(Status.Code theirs, Status.Code ours) {
        broker.verifier.answer(request -> {
            throw theirs.toStatus().withDescription("something private").asRuntimeException();
        });

        StatusRuntimeException refusal =
                refused(ours, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
        assertThat(refusal).hasMessageNotContaining("something private");
    }
}
