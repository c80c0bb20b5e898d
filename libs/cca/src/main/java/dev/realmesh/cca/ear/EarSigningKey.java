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
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.realmesh.crypto.EllipticCurves;
import java.text.ParseException;
import java.util.Map;

/// The P-256 key of a verifier. Signs EARs as JWS compact with ES256: Veraison's form with the header
/// `{"alg":"ES256","typ":"JWT"}`, Trustee's with the key's id, its thumbprint (RFC 7638), in the header's `kid` as
/// well.
public final class EarSigningKey {
    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();

    private final ECKey key;
    private final String keyId;
    private final ECDSASigner signer;

    private EarSigningKey(ECKey key) {
        this.key = key;
        try {
            this.keyId = key.computeThumbprint().toString();
            this.signer = new ECDSASigner(key);
            signer.getJCAContext().setProvider(EllipticCurves.provider());
        } catch (JOSEException e) {
            throw new IllegalStateException("EAR signing key: " + e.getMessage(), e);
        }
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

    /// The public JWK with its id, in a set.
    public String publicJwkSet() {
        ECKey named = new ECKey.Builder(key.toPublicJWK())
                .keyID(keyId)
                .keyUse(KeyUse.SIGNATURE)
                .build();
        return new JWKSet(named).toString();
    }

    /// Signs a result in Veraison's form.
    public String sign(Ear ear) {
        return sign(HEADER, EarJson.write(ear));
    }

    /// Signs a result in Trustee's form.
    public String sign(TrusteeEar ear) {
        return sign(new JWSHeader.Builder(HEADER).keyID(keyId).build(), EarJson.write(ear));
    }

    private String sign(JWSHeader header, Map<String, Object> claims) {
        JWSObject jws = new JWSObject(header, new Payload(claims));
        try {
            jws.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing an EAR: " + e.getMessage(), e);
        }
        return jws.serialize();
    }
}
