// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWECryptoParts;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.impl.AAD;
import com.nimbusds.jose.crypto.impl.ECDH;
import com.nimbusds.jose.crypto.impl.ECDHCryptoProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.realmesh.crypto.EllipticCurves;
import java.text.ParseException;
import java.util.Set;
import javax.crypto.SecretKey;
import tools.jackson.databind.node.ObjectNode;

/// `ECDH-ES+A256KW` with the header members in the order alg, enc, epk{crv, kty, x, y}. The guests of Confidential
/// Containers parse the header and write it again in that order to get the additional authenticated data, so a JWE in
/// any
/// other order does not open there; Nimbus' own encrypter leaves the order to a hash map.
final class OrderedEcdhEncrypter extends ECDHCryptoProvider {
    private final ECKey recipient;

    OrderedEcdhEncrypter(ECKey recipient) throws JOSEException {
        super(recipient.getCurve(), null);
        this.recipient = recipient;
    }

    @Override
    public Set<Curve> supportedEllipticCurves() {
        return Set.of(Curve.P_256, Curve.P_521);
    }

    JWEObject encrypt(byte[] plaintext) throws JOSEException {
        ECKey ephemeral = new ECKeyGenerator(recipient.getCurve())
                .provider(EllipticCurves.provider())
                .generate();
        SecretKey shared = ECDH.deriveSharedSecret(
                recipient.toECPublicKey(), ephemeral.toECPrivateKey(), EllipticCurves.provider());
        ObjectNode point = BoundedJson.newObject();
        point.put("crv", recipient.getCurve().getName());
        point.put("kty", "EC");
        point.put("x", ephemeral.getX().toString());
        point.put("y", ephemeral.getY().toString());
        JWEHeader header =
                ordered(JWEAlgorithm.ECDH_ES_A256KW, BoundedJson.newObject().set("epk", point));
        JWECryptoParts parts = encryptWithZ(header, shared, plaintext, AAD.compute(header));
        return encrypted(parts);
    }

    /// A header that is written just so: alg, enc, then `more`.
    static JWEHeader ordered(JWEAlgorithm algorithm, ObjectNode more) {
        ObjectNode json = BoundedJson.newObject();
        json.put("alg", algorithm.getName());
        json.put("enc", EncryptionMethod.A256GCM.getName());
        json.setAll(more);
        try {
            return JWEHeader.parse(Base64URL.encode(BoundedJson.bytes(json)));
        } catch (ParseException e) {
            throw new IllegalStateException("JWE header: not read back by the JOSE library", e);
        }
    }

    private static JWEObject encrypted(JWECryptoParts parts) {
        try {
            return new JWEObject(
                    parts.getHeader().toBase64URL(),
                    parts.getEncryptedKey(),
                    parts.getInitializationVector(),
                    parts.getCipherText(),
                    parts.getAuthenticationTag());
        } catch (ParseException e) {
            throw new IllegalStateException("JWE: not read back by the JOSE library", e);
        }
    }
}
