// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.ScriptedVerifier.affirmingSubmods;
import static dev.realmesh.keybroker.ScriptedVerifier.submod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.TeeKey;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import dev.realmesh.proto.keybroker.v1.AttestResponse;
import dev.realmesh.proto.keybroker.v1.GetResourceRequest;
import dev.realmesh.proto.keybroker.v1.RequestChallengeRequest;
import io.grpc.ClientInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private static ClientInterceptor label(String value) {
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
