// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;

/// The public half of a [BrokerIdentity]: what a Realm holds, from its initdata, to know its broker by.
public final class BrokerPublicKey {
    /// `typ` of statements, so that no other signature of this key passes for one.
    static final JOSEObjectType STATEMENT_TYPE = new JOSEObjectType("realmesh-release");

    private static final int MAX_JWK_BYTES = 1024;
    private static final int MAX_STATEMENT_CHARACTERS = 4096;

    private final ECKey key;

    private BrokerPublicKey(ECKey key) {
        this.key = key;
    }

    static BrokerPublicKey of(ECKey key) {
        return new BrokerPublicKey(new ECKey.Builder(key.getCurve(), key.getX(), key.getY()).build());
    }

    /// Reads a public JWK: `kty` EC, `crv` P-384, `x`, `y`, whatever else beside, but no private member.
    ///
    /// @throws KbsException.Malformed if it is anything else
    public static BrokerPublicKey parse(String jwk) {
        var json = BoundedJson.object("broker identity", jwk.getBytes(StandardCharsets.UTF_8), MAX_JWK_BYTES);
        try {
            ECKey key = ECKey.parse(json.toString());
            if (!key.isPrivate() && Curve.P_384.equals(key.getCurve())) {
                return of(key);
            }
        } catch (ParseException | IllegalStateException e) {
            throw new KbsException.Malformed("broker identity", "no valid key (expected: a public EC JWK on P-384)");
        }
        throw new KbsException.Malformed("broker identity", "another kind of key (expected: public, on P-384)");
    }

    /// The public JWK, one line of JSON.
    public String toJwk() {
        var json = BoundedJson.newObject();
        json.put("crv", key.getCurve().getName());
        json.put("kty", "EC");
        json.put("x", key.getX().toString());
        json.put("y", key.getY().toString());
        return CanonicalJson.of(json);
    }

    /// Checks that this broker said exactly `expected`.
    ///
    /// @throws KbsException.StatementRefused if it did not
    public void verify(String statement, ReleaseStatement expected) {
        JWSObject jws = parseStatement(statement);
        JWSHeader header = jws.getHeader();
        if (!JWSAlgorithm.ES384.equals(header.getAlgorithm()) || !STATEMENT_TYPE.equals(header.getType())) {
            throw new KbsException.StatementRefused("another kind of JWS (expected: ES384, " + STATEMENT_TYPE + ")");
        }
        if (!isSignedByThis(jws)) {
            throw new KbsException.StatementRefused("not signed by the pinned broker identity");
        }
        if (!MessageDigest.isEqual(jws.getPayload().toBytes(), expected.toJson())) {
            throw new KbsException.StatementRefused("about another answer (expected: this JWE, nonce and path)");
        }
    }

    private static JWSObject parseStatement(String statement) {
        if (statement.length() > MAX_STATEMENT_CHARACTERS) {
            throw new KbsException.StatementRefused(
                    statement.length() + " characters (expected: at most " + MAX_STATEMENT_CHARACTERS + ")");
        }
        try {
            return JWSObject.parse(statement);
        } catch (ParseException | IllegalArgumentException e) {
            throw new KbsException.StatementRefused("not a JWS (expected: compact serialization)");
        }
    }

    private boolean isSignedByThis(JWSObject jws) {
        try {
            return jws.verify(new ECDSAVerifier(key));
        } catch (JOSEException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BrokerPublicKey broker && toJwk().equals(broker.toJwk());
    }

    @Override
    public int hashCode() {
        return toJwk().hashCode();
    }

    @Override
    public String toString() {
        return toJwk();
    }
}
