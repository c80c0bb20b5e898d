// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourceUri;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/// A sealed secret: `sealed.` before a compact JWS (ES256) whose `kid` is the resource with the public key of who
/// sealed
/// it. Upstream's names of local files as `kid` are refused, for there are none; and so is a signature that is none:
/// upstream's switch to skip verification does not exist here.
public final class SealedSecret {
    /// What each begins with.
    public static final String PREFIX = "sealed.";

    /// Longest one.
    public static final int MAX_CHARACTERS = 64 << 10;

    private static final int MAX_KEY_BYTES = 4096;

    private final JWSObject jws;
    private final ResourceUri signer;

    private SealedSecret(JWSObject jws, ResourceUri signer) {
        this.jws = jws;
        this.signer = signer;
    }

    /// Reads one; what it says is not believed before [#place].
    ///
    /// @throws SealedSecretException if it is of another form, over 64 KiB, or claims another kind of signature
    public static SealedSecret parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() > MAX_CHARACTERS) {
            throw new SealedSecretException.Malformed(
                    text.length() + " characters (expected: " + PREFIX + "…, at most " + MAX_CHARACTERS + ")");
        }
        JWSObject jws = jws(text.substring(PREFIX.length()));
        if (!JWSAlgorithm.ES256.equals(jws.getHeader().getAlgorithm())) {
            throw new SealedSecretException.NotSigned("another algorithm (expected: ES256)");
        }
        String kid = jws.getHeader().getKeyID();
        if (kid == null) {
            throw new SealedSecretException.NotSigned("no kid (expected: kbs:///repository/type/tag of a public key)");
        }
        try {
            return new SealedSecret(jws, ResourceUri.parse(kid));
        } catch (KbsException.Malformed e) {
            throw new SealedSecretException.NotSigned("kid: " + e.getMessage());
        }
    }

    /// The resource with the public key of who sealed it.
    public ResourceUri signer() {
        return signer;
    }

    /// What it says.
    ///
    /// @param jwk what [#signer] holds: an EC JWK on P-256
    /// @throws SealedSecretException if that key did not sign it, or it says nothing that is understood
    SecretPlace place(byte[] jwk) {
        ECKey key = key(jwk);
        try {
            if (!jws.verify(new ECDSAVerifier(key.toPublicJWK()))) {
                throw new SealedSecretException.NotSigned("not signed by " + signer);
            }
        } catch (JOSEException e) {
            throw new SealedSecretException.NotSigned("signature of another form (expected: ES256 by " + signer + ")");
        }
        return SecretPlace.parse(jws.getPayload().toBytes());
    }

    private static JWSObject jws(String compact) {
        try {
            return JWSObject.parse(compact);
        } catch (ParseException | IllegalArgumentException e) {
            throw new SealedSecretException.Malformed("no JWS (expected: header, payload and signature)");
        }
    }

    private ECKey key(byte[] jwk) {
        if (jwk.length <= MAX_KEY_BYTES) {
            try {
                ECKey key = ECKey.parse(new String(jwk, StandardCharsets.UTF_8));
                if (Curve.P_256.equals(key.getCurve())) {
                    return key;
                }
            } catch (ParseException | IllegalStateException | IllegalArgumentException e) {
                throw new SealedSecretException.NotSigned(signer + " is no key (expected: an EC JWK on P-256)");
            }
        }
        throw new SealedSecretException.NotSigned(signer + " is another kind of key (expected: an EC JWK on P-256)");
    }

    @Override
    public String toString() {
        return "SealedSecret[" + signer + "]";
    }
}
