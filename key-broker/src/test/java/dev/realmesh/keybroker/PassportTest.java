// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.cca.ear.TrusteeEar;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.RealmSettings;
import dev.realmesh.kbs.TeeKey;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// A result of a verifier that the broker believes, in Trustee's form, gets a secret without a handshake (RFC 9334,
/// section 5.1), for the key that it names and for as long as it holds.
class PassportTest {
    private static final String PATH = "default/key/k1";
    private static final String SECRET = "of the owner";

    @TempDir
    Path folder;

    private BrokerUnderTest broker;
    private KbsClientUnderTest guest;

    @BeforeEach
    void open() {
        broker = new BrokerUnderTest(folder);
        broker.put(PATH, SECRET.getBytes());
        guest = new KbsClientUnderTest(broker);
    }

    @AfterEach
    void close() {
        guest.close();
        broker.close();
    }

    @Test
    void getsASecretForTheKeyThatItNames() {
        HttpResponse<String> answer = show(broker.verifier.sign(passport(submod(2, evidence(guest.key)))));

        assertThat(guest.open(answer)).isEqualTo(SECRET);
        assertThat(broker.verifier.requests).isEmpty();
        assertThatThrownBy(() -> KbsJwe.parse(answer.body().getBytes()).open(TeeKey.generate()))
                .isInstanceOf(KbsException.NotSealedToKey.class);
    }

    @Test
    void holdsUntilItExpires() {
        String passport = broker.verifier.sign(passport(submod(2, evidence(guest.key))));
        broker.clock.advance(Duration.ofMinutes(4));
        assertThat(guest.open(show(passport))).isEqualTo(SECRET);

        broker.clock.advance(Duration.ofMinutes(1));

        refused(show(passport), "TokenVerifierError");
    }

    @Test
    void isRefusedIfItIsOfTheFuture() {
        String passport = broker.verifier.sign(passport(submod(2, evidence(guest.key))));
        broker.clock.advance(Duration.ofMinutes(-2));

        refused(show(passport), "TokenVerifierError");
    }

    @Test
    void isRefusedOfAnyoneElse() {
        refused(show(EarSigningKey.generate().sign(passport(submod(2, evidence(guest.key))))), "TokenVerifierError");
        refused(show("no passport"), "TokenVerifierError");
    }

    @ParameterizedTest
    @EnumSource(names = "AFFIRMING", mode = EnumSource.Mode.EXCLUDE)
    void isRefusedUnlessAffirming(TrustTier status) {
        SubmodAppraisal good = submod(2, evidence(guest.key));
        SubmodAppraisal other =
                new SubmodAppraisal(status, good.vector(), "policy", Map.of(), good.annotatedEvidence());

        refused(show(broker.verifier.sign(passport(other))), "TokenVerifierError");
        refused(show(broker.verifier.sign(passport(submod(33, evidence(guest.key))))), "TokenVerifierError");
    }

    @Test
    void isRefusedWithoutAVerdictOnTheGuest() {
        TrusteeEar empty = new TrusteeEar(now(), now().plusSeconds(300), "tests", verifier(), new TreeMap<>());

        refused(show(broker.verifier.sign(empty)), "TokenVerifierError");
    }

    @Test
    void isRefusedWithoutAKey() {
        Map<String, Object> evidence = evidence(guest.key);
        evidence.remove("runtime_data_claims");

        refused(show(broker.verifier.sign(passport(submod(2, evidence)))), "TokenVerifierError");
    }

    /// A result in Veraison's form is for one session: shown in another, it says nothing of any key.
    @Test
    void resultInVeraisonsFormIsNone() {
        Ear ear = broker.verifier.ear(
                Bytes.copyOf(new byte[64]), ScriptedVerifier.affirmingSubmods(broker.initdata.personalizationValue()));

        refused(show(broker.verifier.sign(ear)), "TokenVerifierError");
    }

    @Test
    void realmThatPinsAnotherBrokerIsDenied() {
        Map<String, Object> evidence = evidence(guest.key);
        evidence.put("init_data_claims", Map.of());

        refused(show(broker.verifier.sign(passport(submod(2, evidence)))), "PolicyDeny");
        refused(show(broker.verifier.sign(passport(submod(3, evidence(guest.key))))), "PolicyDeny");
    }

    private HttpResponse<String> show(String passport) {
        return guest.send("GET", "/kbs/v0/resource/" + PATH, Map.of("Authorization", "Bearer " + passport), "");
    }

    private static void refused(HttpResponse<String> answer, String kind) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(KbsClientUnderTest.kind(answer)).isEqualTo(kind);
    }

    private TrusteeEar passport(SubmodAppraisal cpu) {
        return new TrusteeEar(
                now(), now().plusSeconds(300), "tests", verifier(), new TreeMap<>(Map.of(TrusteeEar.CPU, cpu)));
    }

    private static SubmodAppraisal submod(int executables, Map<String, Object> evidence) {
        return ScriptedVerifier.submod(executables).annotated(evidence);
    }

    private Map<String, Object> evidence(TeeKey key) {
        Initdata initdata = broker.initdata;
        Map<String, Object> evidence = new TreeMap<>();
        evidence.put(
                "runtime_data_claims",
                Map.of(
                        "nonce",
                        "of another broker",
                        "tee-pubkey",
                        JsonMapper.shared().readValue(key.publicKey().toJson(), Map.class)));
        evidence.put("init_data", Bytes.copyOf(initdata.personalizationValue()).hex());
        evidence.put(
                "init_data_claims", Map.of(RealmSettings.NAME, initdata.data().get(RealmSettings.NAME)));
        return evidence;
    }

    private Instant now() {
        return broker.clock.instant();
    }

    private static Ear.VerifierId verifier() {
        return new Ear.VerifierId("tests", "1");
    }
}
