// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.ear;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import dev.realmesh.crypto.EllipticCurves;
import java.text.ParseException;
import java.util.Map;

/// Checks the signature of EARs by one pinned key; a key or an algorithm that the EAR itself names is never used.
public final class EarVerifier {
    /// Largest EAR that is read, in characters.
    private static final int MAX_CHARACTERS = 256 * 1024;

    private final ECDSAVerifier verifier;

    private EarVerifier(ECDSAVerifier verifier) {
        verifier.getJCAContext().setProvider(EllipticCurves.provider());
        this.verifier = verifier;
    }

    /// A verifier by a public JWK: P-256 checks ES256 only, P-384 ES384, P-521 ES512.
    ///
    /// @throws IllegalArgumentException if it is no such key
    public static EarVerifier ofJwk(String json) {
        try {
            return new EarVerifier(new ECDSAVerifier(ECKey.parse(json).toPublicJWK()));
        } catch (ParseException | JOSEException e) {
            throw new IllegalArgumentException("EAR verification key: not read (expected: a public EC JWK)", e);
        }
    }

    /// The result that `jwt` is, whoever signed it: for a store to read what it put there itself, never to rely on.
    ///
    /// @throws EarException if it is no EAR
    public static Ear readUnverified(String jwt) {
        return EarJson.read(payload(parse(jwt)));
    }

    /// The result that `jwt` is, if this key signed it. Nothing else is checked: see [RelyingParty].
    ///
    /// @throws EarException.BadSignature if it did not
    /// @throws EarException if it is no EAR
    public Ear verify(String jwt) {
        return EarJson.read(payload(signed(jwt)));
    }

    /// Likewise, for a result in Trustee's form.
    ///
    /// @throws EarException.BadSignature if this key did not sign it
    /// @throws EarException if it is no EAR in that form
    public TrusteeEar verifyTrustee(String jwt) {
        return EarJson.readTrustee(payload(signed(jwt)));
    }

    private JWSObject signed(String jwt) {
        JWSObject jws = parse(jwt);
        try {
            boolean known =
                    verifier.supportedJWSAlgorithms().contains(jws.getHeader().getAlgorithm());
            if (!known || !jws.verify(verifier)) {
                throw new EarException.BadSignature();
            }
            return jws;
        } catch (JOSEException e) {
            EarException refused = new EarException.BadSignature();
            refused.initCause(e);
            throw refused;
        }
    }

    static JWSObject parse(String jwt) {
        if (jwt.length() > MAX_CHARACTERS) {
            throw new EarException.Malformed(jwt.length() + " characters (expected: at most " + MAX_CHARACTERS + ")");
        }
        try {
            return JWSObject.parse(jwt);
        } catch (ParseException e) {
            EarException refused = new EarException.Malformed("no JWS (expected: JWS compact)");
            refused.initCause(e);
            throw refused;
        }
    }

    static Map<String, Object> payload(JWSObject jws) {
        Map<String, Object> payload = jws.getPayload().toJSONObject();
        if (payload == null) {
            throw new EarException.Malformed("payload is no JSON object");
        }
        return payload;
    }
}
