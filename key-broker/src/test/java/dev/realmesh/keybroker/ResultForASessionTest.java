// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static dev.realmesh.keybroker.ScriptedVerifier.affirmingSubmods;
import static dev.realmesh.keybroker.ScriptedVerifier.submod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.kbs.Nonce;
import dev.realmesh.kbs.RuntimeData;
import dev.realmesh.proto.keybroker.v1.AttestRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A guest that went to a verifier by itself, such as a Veraison, shows its result in place of evidence (RFC 9334,
/// section 5.1): nobody is asked again, and the result must be as fresh and as bound to the session as evidence is.
class ResultForASessionTest {
    private static final String PATH = "default/key/k1";
    private static final String SECRET = "of the owner";

    @TempDir
    Path folder;

    private BrokerUnderTest broker;
    private GuestUnderTest guest;

    @BeforeEach
    void open() {
        broker = new BrokerUnderTest(folder);
        broker.put(PATH, SECRET.getBytes());
        guest = new GuestUnderTest(broker.guest());
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void getsASecretWithoutAnotherHop() {
        String result = broker.verifier.sign(ear(guest.boundChallenge()));

        var attested = broker.guest().attest(showing(result));

        assertThat(attested.getEar()).isEqualTo(result);
        assertThat(attested.getResultId()).startsWith("passport-");
        assertThat(guest.secret(PATH, broker.broker.identity())).isEqualTo(SECRET.getBytes());
        assertThat(broker.verifier.requests).isEmpty();
    }

    @Test
    void getsASecretOverHttp() {
        try (KbsClientUnderTest client = new KbsClientUnderTest(broker).auth()) {
            byte[] challenge = new RuntimeData(Nonce.fromBase64(client.nonce), client.key.publicKey())
                    .challenge()
                    .toBytes();

            HttpResponse<String> answer = show(client, broker.verifier.sign(ear(challenge)));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(client.open(client.get(PATH))).isEqualTo(SECRET);
            assertThat(broker.verifier.requests).isEmpty();
        }
    }

    @Test
    void ofAnotherSessionIsRefused() {
        GuestUnderTest other = new GuestUnderTest(broker.guest());

        refused(Status.Code.UNAUTHENTICATED, broker.verifier.sign(ear(other.boundChallenge())));
    }

    @Test
    void ofAnyoneElseIsRefused() {
        refused(Status.Code.PERMISSION_DENIED, EarSigningKey.generate().sign(ear(guest.boundChallenge())));
    }

    @Test
    void thatIsNoJwtIsRefused() {
        refused(Status.Code.PERMISSION_DENIED, "no result");
    }

    @Test
    void thatIsNotAffirmingIsRefused() {
        Map<String, SubmodAppraisal> submods = new TreeMap<>(affirmingSubmods(broker.initdata.personalizationValue()));
        submods.put(Ear.PLATFORM, submod(33));

        refused(
                Status.Code.PERMISSION_DENIED,
                broker.verifier.sign(broker.verifier.ear(Bytes.copyOf(guest.boundChallenge()), submods)));
    }

    @Test
    void ofARealmWithOtherInitdataIsRefused() {
        refused(
                Status.Code.PERMISSION_DENIED,
                broker.verifier.sign(
                        broker.verifier.ear(Bytes.copyOf(guest.boundChallenge()), affirmingSubmods(new byte[64]))));
    }

    @Test
    void overTheLimitIsRefused() {
        refused(Status.Code.INVALID_ARGUMENT, "x".repeat((64 << 10) + 1));
        refused(Status.Code.INVALID_ARGUMENT, "");
    }

    @Test
    void withoutResultOrEvidenceIsRefusedOverHttp() {
        try (KbsClientUnderTest client = new KbsClientUnderTest(broker).auth()) {
            HttpResponse<String> answer = send(client, "{\"other\":1}");

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("neither token nor ear");
        }
    }

    private Ear ear(byte[] challenge) {
        return broker.verifier.ear(Bytes.copyOf(challenge), affirmingSubmods(broker.initdata.personalizationValue()));
    }

    private AttestRequest showing(String result) {
        return guest.attestation(broker.initdata).setEar(result).build();
    }

    private HttpResponse<String> show(KbsClientUnderTest client, String result) {
        return send(client, "{\"ear\":\"" + result + "\"}");
    }

    private HttpResponse<String> send(KbsClientUnderTest client, String primaryEvidence) {
        String attestation = client.attestation(broker.initdata, "evidence".getBytes())
                .replaceFirst("\"primary_evidence\":\\{[^}]*}", "\"primary_evidence\":" + primaryEvidence);
        return client.send("POST", "/kbs/v0/attest", Map.of("Cookie", client.cookie), attestation);
    }

    /// Refused, and the session has no secrets.
    private void refused(Status.Code code, String result) {
        assertThatThrownBy(() -> broker.guest().attest(showing(result)))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode())
                                .as(e.getMessage())
                                .isEqualTo(code));
        assertThatThrownBy(() -> guest.get(PATH)).isInstanceOf(StatusRuntimeException.class);
        assertThat(broker.verifier.requests).isEmpty();
    }
}
