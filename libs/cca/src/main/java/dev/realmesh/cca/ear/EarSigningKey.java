// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;

/// The P-256 key of a verifier. Signs EARs as JWS compact with ES256 and the header `{"alg":"ES256","typ":"JWT"}`.
public final class EarSigningKey {
    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();

    private final ECKey key;

    private EarSigningKey(ECKey key) {
        this.key = key;
    }

    /// A fresh key.
    public static EarSigningKey generate() {
        try {
            return new EarSigningKey(new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("generating an EAR signing key: " + e.getMessage(), e);
        }
    }

    /// The key of a private JWK.
    ///
    /// @throws IllegalArgumentException if it is no private P-256 key
    public static EarSigningKey ofPrivateJwk(String json) {
        try {
            ECKey key = ECKey.parse(json);
            if (!Curve.P_256.equals(key.getCurve()) || !key.isPrivate()) {
                throw new IllegalArgumentException("EAR signing key: another key (expected: a private P-256 JWK)");
            }
            return new EarSigningKey(
                    new ECKey.Builder(key).algorithm(JWSAlgorithm.ES256).build());
        } catch (ParseException ignored) {
            throw new IllegalArgumentException("EAR signing key: not read (expected: a private P-256 JWK)");
        }
    }

    /// The private JWK, to be kept where only its verifier reads it.
    public String privateJwkSecret() {
        return key.toJSONString();
    }

    /// The public JWK, with its algorithm.
    public String publicJwk() {
        return key.toPublicJWK().toJSONString();
    }

    /// Signs a result.
    public String sign(Ear ear) {
        JWSObject jws = new JWSObject(HEADER, new Payload(EarJson.write(ear)));
        try {
            jws.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("signing an EAR: " + e.getMessage(), e);
        }
        return jws.serialize();
    }
}
