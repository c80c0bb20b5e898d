// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.ScriptedVerifier.affirmingSubmods;
import static dev.realmesh.keybroker.ScriptedVerifier.submod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.ImagePolicy;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.AttestResponse;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Handshake and release by gRPC, and every way in which they are refused.
class KeyReleaseTest {
    private static final String PATH = "default/key/k1";
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

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

    @Test
    void attestedRealmGetsItsSecretFromThePinnedBroker() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());

        AttestResponse attested = guest.attest(broker.initdata);

        assertThat(attested.getResultId()).isNotEmpty();
        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
    }

    @Test
    void verifierIsAskedAboutNonceAndKeyOfTheSession() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest().withInterceptors(label("realm-7")));

        guest.attest(broker.initdata);

        var request = broker.verifier.requests.getFirst();
        assertThat(request.getChallenge().toByteArray()).isEqualTo(guest.boundChallenge());
        assertThat(request.getEvidence().toStringUtf8()).isEqualTo("evidence");
        assertThat(request.getRealmId()).isEqualTo("realm-7");
    }

    @Test
    void labelOfAnEdgeCallerOrOfAnotherFormIsDropped() {
        new GuestUnderTest(broker.guestAtEdge().withInterceptors(label("realm-7"))).attest(broker.initdata);
        new GuestUnderTest(broker.guest().withInterceptors(label("../Realm"))).attest(broker.initdata);

        assertThat(broker.verifier.requests)
                .extracting(request -> request.getRealmId())
                .containsExactly("", "");
    }

    @Test
    void hostThatAnswersInTheBrokersPlaceIsFoundOut() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        assertThatThrownBy(() -> guest.secret(PATH, BrokerIdentity.generate().publicKey()))
                .isInstanceOf(KbsException.StatementRefused.class);
    }

    @ParameterizedTest
    @CsvSource({"0.1.1, cca", "0.4.1, cca", "'', cca", "0.4.0, sample", "0.4.0, CCA", "0.4.0, ''"})
    void anotherVersionOrTeeGetsNoChallenge(String version, String tee) {
        refused(
                Status.Code.INVALID_ARGUMENT,
                () -> broker.guest()
                        .requestChallenge(RequestChallengeRequest.newBuilder()
                                .setVersion(version)
                                .setTee(tee)
                                .build()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "00000000000000000000000000000000", "' OR 1=1 --", "0000000000000000000000000000000g"})
    void unknownSessionIsRefused(String session) {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        AttestRequest attestation =
                guest.attestation(broker.initdata).setSessionId(session).build();

        refused(Status.Code.UNAUTHENTICATED, () -> broker.guest().attest(attestation));
        refused(
                Status.Code.UNAUTHENTICATED,
                () -> broker.guest()
                        .getResource(GetResourceRequest.newBuilder()
                                .setSessionId(session)
                                .setPath(PATH)
                                .build()));
        assertThat(broker.verifier.requests).isEmpty();
    }

    @Test
    void sessionEndsAfterItsTimeInEachState() {
        GuestUnderTest slow = new GuestUnderTest(broker.guest());
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        broker.clock.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
        broker.clock.advance(Duration.ofNanos(1));

        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
        refused(Status.Code.UNAUTHENTICATED, () -> slow.attest(broker.initdata));
        assertThat(broker.verifier.requests).hasSize(1);
    }

    @Test
    void sessionThatExpiresDuringTheAppraisalIsNotAttested() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        broker.verifier.answer(request -> {
            broker.clock.advance(Duration.ofMinutes(5));
            return broker.verifier.ear(request, affirmingSubmods(broker.initdata.personalizationValue()));
        });

        refused(Status.Code.UNAUTHENTICATED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    @Test
    void challengeIsGoodForOneAttestation() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        refused(Status.Code.UNAUTHENTICATED, () -> guest.attest(broker.initdata));

        assertThat(broker.verifier.requests).hasSize(1);
        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
    }

    /// Who saw an attested session cannot make it release to a key of his own.
    @Test
    void secondAttestationCannotChangeTheKey() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);
        TeeKey thief = TeeKey.generate();

        refused(
                Status.Code.UNAUTHENTICATED,
                () -> broker.guest()
                        .attest(guest.attestation(broker.initdata)
                                .setTeePublicKey(ByteString.copyFromUtf8(
                                        thief.publicKey().toJson()))
                                .build()));

        KbsJwe jwe = KbsJwe.parse(guest.get(PATH).getJwe().toByteArray());
        assertThatThrownBy(() -> jwe.open(thief)).isInstanceOf(KbsException.NotSealedToKey.class);
        assertThat(jwe.open(guest.key).reveal()).isEqualTo(SECRET);
    }

    @Test
    void refusedAttestationEndsTheSession() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        broker.verifier.answerSubmods(Map.of(Ear.PLATFORM, submod(2), Ear.REALM, submod(33)));
        refused(Status.Code.PERMISSION_DENIED, () -> guest.attest(broker.initdata));
        broker.verifier.answerSubmods(affirmingSubmods(broker.initdata.personalizationValue()));

        refused(Status.Code.UNAUTHENTICATED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    @Test
    void sessionThatDidNotAttestGetsNothing() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());

        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get("default/key/none"));
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
        Map<String, dev.realmesh.cca.ear.SubmodAppraisal> submods =
                new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.put(name, submod(executables));
        broker.verifier.answerSubmods(submods);
        GuestUnderTest guest = new GuestUnderTest(broker.guest());

        refused(Status.Code.PERMISSION_DENIED, () -> guest.attest(broker.initdata));
        refused(Status.Code.UNAUTHENTICATED, () -> guest.get(PATH));
    }

    @Test
    void submodWithoutAnyClaimIsRefused() {
        Map<String, dev.realmesh.cca.ear.SubmodAppraisal> submods =
                new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.put(
                Ear.REALM,
                dev.realmesh.cca.ear.SubmodAppraisal.of(
                        dev.realmesh.cca.ear.TrustVector.NO_CLAIM, "policy:ARM_CCA", ""));
        broker.verifier.answerSubmods(submods);

        refused(Status.Code.PERMISSION_DENIED, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
    }

    @ParameterizedTest
    @ValueSource(strings = {Ear.PLATFORM, Ear.REALM})
    void missingSubmodIsRefused(String name) {
        Map<String, dev.realmesh.cca.ear.SubmodAppraisal> submods =
                new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.remove(name);
        broker.verifier.answerSubmods(submods);

        refused(Status.Code.PERMISSION_DENIED, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
    }

    @Test
    void refusedEvidenceIsRefused() {
        broker.verifier.answerSubmods(Map.of(Ear.REFUSED, submod(99)));

        refused(Status.Code.PERMISSION_DENIED, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
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
                            strict.broker.identity(), ImagePolicy.ENCRYPTED_ONLY, new AgentPolicy(true, true, true))
                    .toInitdata();
            strict.verifier.answerSubmods(affirmingSubmods(loose.personalizationValue()));
            GuestUnderTest unlisted = new GuestUnderTest(strict.guest());
            unlisted.attest(loose);

            assertThat(listed.secret(PATH, strict.broker.identity())).isEqualTo(SECRET);
            refused(Status.Code.PERMISSION_DENIED, () -> unlisted.get(PATH));
        }
    }

    @Test
    void missingResourceIsToldToWhoMayHaveIt() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        refused(Status.Code.NOT_FOUND, () -> guest.get("default/key/none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "default/key",
                "default/key/k1/x",
                "default/key/../k1",
                "/default/key/k1",
                "default//k1",
                "a/b/%2e"
            })
    void pathThatIsNoneIsRefused(String path) {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        guest.attest(broker.initdata);

        refused(Status.Code.INVALID_ARGUMENT, () -> guest.get(path));
    }

    @Test
    void bodyOverALimitOrOfNoShapeIsRefusedAndTheChallengeStaysGood() {
        GuestUnderTest guest = new GuestUnderTest(broker.guest());
        for (AttestRequest.Builder wrong : List.of(
                guest.attestation(broker.initdata).setEvidence(ByteString.EMPTY),
                guest.attestation(broker.initdata).setEvidence(ByteString.copyFrom(new byte[(64 << 10) + 1])),
                guest.attestation(broker.initdata).setInitdata(ByteString.copyFrom(new byte[(1 << 20) + 1])),
                guest.attestation(broker.initdata).setInitdata(ByteString.copyFromUtf8("no initdata")),
                guest.attestation(broker.initdata).setTeePublicKey(ByteString.EMPTY),
                guest.attestation(broker.initdata).setTeePublicKey(ByteString.copyFromUtf8("{\"kty\":\"oct\"}")),
                guest.attestation(broker.initdata).setTeePublicKey(ByteString.copyFromUtf8(" ".repeat(5000))))) {
            refused(Status.Code.INVALID_ARGUMENT, () -> broker.guest().attest(wrong.build()));
        }

        assertThat(broker.verifier.requests).isEmpty();
        guest.attest(broker.initdata);
        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET);
    }

    @Test
    void absentVerifierIsUnavailable() {
        broker.stopVerifier();

        refused(Status.Code.UNAVAILABLE, () -> new GuestUnderTest(broker.guest()).attest(broker.initdata));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, INVALID_ARGUMENT",
        "INTERNAL, INTERNAL",
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

    @Test
    void sessionsAreBoundedAndRoomComesBack() {
        broker.close();
        try (BrokerUnderTest small = new BrokerUnderTest(folder, 2, List.of())) {
            new GuestUnderTest(small.guest());
            new GuestUnderTest(small.guest());
            refused(Status.Code.RESOURCE_EXHAUSTED, () -> new GuestUnderTest(small.guest()));

            small.clock.advance(Duration.ofMinutes(5));
            GuestUnderTest guest = new GuestUnderTest(small.guest());
            guest.attest(small.initdata);
            assertThat(guest.secret(PATH, small.broker.identity())).isEqualTo(SECRET);
        }
    }

    private static io.grpc.ClientInterceptor label(String value) {
        return BrokerUnderTest.header("realmesh-realm-id", value);
    }

    static StatusRuntimeException refused(Status.Code code, ThrowingCallable call) {
        StatusRuntimeException[] refusal = new StatusRuntimeException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(code);
            refusal[0] = e;
        });
        return refusal[0];
    }
}
