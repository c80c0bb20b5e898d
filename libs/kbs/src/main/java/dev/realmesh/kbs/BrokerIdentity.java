// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.realmesh.crypto.EllipticCurves;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/// The key by which a broker is known to Realms: P-384, signing with ES384. Its public half, [BrokerPublicKey], is
/// pinned by
/// initdata, so the host cannot put another one in its place.
public final class BrokerIdentity {
    private final ECKey key;
    private final BrokerPublicKey publicKey;
    private final ECDSASigner signer;

    private BrokerIdentity(ECKey key) {
        this.key = key;
        this.publicKey = BrokerPublicKey.of(key);
        this.signer = signer(key);
    }

    /// A new identity.
    public static BrokerIdentity generate() {
        try {
            return new BrokerIdentity(new ECKeyGenerator(Curve.P_384).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("P-384: not served by this Java (expected: an EC provider)", e);
        }
    }

    /// Reads the private JWK that [#toPrivateJwk] wrote.
    ///
    /// @throws KbsException.Malformed if it is no private key on P-384
    public static BrokerIdentity parse(SecretBytes privateJwk) {
        try {
            ECKey key = ECKey.parse(new String(privateJwk.reveal(), StandardCharsets.UTF_8));
            if (key.isPrivate() && Curve.P_384.equals(key.getCurve())) {
                return new BrokerIdentity(key);
            }
        } catch (ParseException | IllegalStateException e) {
            throw new KbsException.Malformed("broker identity", "not a JWK (expected: a private EC JWK on P-384)");
        }
        throw new KbsException.Malformed("broker identity", "another kind of key (expected: private, on P-384)");
    }

    /// The private JWK, to keep where only the broker reads it.
    public SecretBytes toPrivateJwk() {
        return SecretBytes.taking(key.toJSONString().getBytes(StandardCharsets.UTF_8));
    }

    /// What initdata pins.
    public BrokerPublicKey publicKey() {
        return publicKey;
    }

    /// Signs a statement.
    ///
    /// @return compact JWS
    public String sign(ReleaseStatement statement) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES384)
                .type(BrokerPublicKey.STATEMENT_TYPE)
                .build();
        JWSObject jws = new JWSObject(header, new Payload(statement.toJson()));
        try {
            jws.sign(signer);
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("ES384: not served by this Java (expected: an EC provider)", e);
        }
    }

    @Override
    public String toString() {
        return "BrokerIdentity[" + publicKey + "]";
    }

    private static ECDSASigner signer(ECKey key) {
        try {
            ECDSASigner signer = new ECDSASigner(key);
            signer.getJCAContext().setProvider(EllipticCurves.provider());
            return signer;
        } catch (JOSEException e) {
            throw new IllegalStateException("ES384: not served by this Java (expected: an EC provider)", e);
        }
    }
}
