// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a Realm knows that the answer is its broker's, and an answer to its own question.
class BrokerIdentityTest {
    private static final Nonce NONCE = Nonce.of(new byte[32]);
    private static final ResourcePath PATH = ResourcePath.parse("default/key/k1");

    private final BrokerIdentity broker = BrokerIdentity.generate();
    private final BrokerPublicKey pinned =
            BrokerPublicKey.parse(broker.publicKey().toJwk());
    private final KbsJwe jwe =
            KbsJwe.seal(SecretBytes.copyOf(new byte[32]), TeeKey.generate().publicKey());

    @Test
    void statementOfThePinnedBrokerIsBelieved() {
        String statement = broker.sign(new ReleaseStatement(jwe, NONCE, PATH));

        pinned.verify(statement, new ReleaseStatement(KbsJwe.parse(jwe.toJson()), NONCE, PATH));
    }

    @Test
    void identityReadsBackFromItsPrivateJwk() {
        BrokerIdentity again = BrokerIdentity.parse(broker.toPrivateJwk());

        assertThat(again.publicKey()).isEqualTo(broker.publicKey());
        pinned.verify(again.sign(new ReleaseStatement(jwe, NONCE, PATH)), new ReleaseStatement(jwe, NONCE, PATH));
    }

    @Test
    void statementOfAnotherBrokerIsRefused() {
        String statement = BrokerIdentity.generate().sign(new ReleaseStatement(jwe, NONCE, PATH));

        assertThatThrownBy(() -> pinned.verify(statement, new ReleaseStatement(jwe, NONCE, PATH)))
                .isInstanceOf(KbsException.StatementRefused.class)
                .hasMessageContaining("not signed by the pinned broker");
    }

    @Test
    void statementAboutAnotherAnswerIsRefused() {
        byte[] other = new byte[32];
        other[0] = 1;
        KbsJwe otherJwe =
                KbsJwe.seal(SecretBytes.copyOf(new byte[32]), TeeKey.generate().publicKey());
        String statement = broker.sign(new ReleaseStatement(jwe, NONCE, PATH));

        for (ReleaseStatement expected : new ReleaseStatement[] {
            new ReleaseStatement(otherJwe, NONCE, PATH),
            new ReleaseStatement(jwe, Nonce.of(other), PATH),
            new ReleaseStatement(jwe, NONCE, ResourcePath.parse("default/key/k2"))
        }) {
            assertThatThrownBy(() -> pinned.verify(statement, expected))
                    .isInstanceOf(KbsException.StatementRefused.class)
                    .hasMessageContaining("another answer");
        }
    }

    /// A signature that the broker's key made for something else is no statement.
    @Test
    void signatureOfAnotherTypeIsRefused() throws Exception {
        ReleaseStatement statement = new ReleaseStatement(jwe, NONCE, PATH);
        JWSObject untyped = new JWSObject(new JWSHeader(JWSAlgorithm.ES384), new Payload(statement.toJson()));
        String privateJwk = new String(broker.toPrivateJwk().reveal(), StandardCharsets.UTF_8);
        untyped.sign(new ECDSASigner(ECKey.parse(privateJwk)));

        assertThatThrownBy(() -> pinned.verify(untyped.serialize(), statement))
                .isInstanceOf(KbsException.StatementRefused.class)
                .hasMessageContaining("another kind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30."})
    void whatIsNoJwsIsRefused(String text) {
        assertThatThrownBy(() -> pinned.verify(text, new ReleaseStatement(jwe, NONCE, PATH)))
                .isInstanceOf(KbsException.StatementRefused.class);
    }

    @Test
    void privateOrForeignKeyIsNoPin() {
        String privateJwk = new String(broker.toPrivateJwk().reveal(), StandardCharsets.UTF_8);

        assertThatThrownBy(() -> BrokerPublicKey.parse(privateJwk))
                .isInstanceOf(KbsException.Malformed.class)
                .hasMessageNotContaining("\"d\"");
        assertThatThrownBy(() ->
                        BrokerPublicKey.parse(TeeKey.generate().publicKey().toJson()))
                .isInstanceOf(KbsException.Malformed.class);
        assertThatThrownBy(() -> BrokerPublicKey.parse("{}")).isInstanceOf(KbsException.Malformed.class);
    }

    @Test
    void privateHalfIsNeverPrinted() {
        String d = new String(broker.toPrivateJwk().reveal(), StandardCharsets.UTF_8)
                .replaceAll(".*\"d\":\"([^\"]+)\".*", "$1");

        assertThat(d).hasSizeGreaterThan(60);
        assertThat(broker.toString()).doesNotContain(d);
    }
}
