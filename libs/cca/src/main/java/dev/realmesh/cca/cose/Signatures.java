// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import dev.realmesh.cca.Bytes;
import dev.realmesh.crypto.EllipticCurves;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.jce.spec.ECPrivateKeySpec;
import org.bouncycastle.jce.spec.ECPublicKeySpec;
import org.bouncycastle.math.ec.ECPoint;

/// ECDSA as COSE has it, and its keys. [EllipticCurves] says who computes; keys are read by Bouncy Castle, which
/// refuses
/// points that are not on their curve. Hashes are the JDK's.
public final class Signatures {
    private static final Provider KEYS = new BouncyCastleProvider();

    private Signatures() {}

    /// The hash of `content` by a JCA name such as `SHA-256`.
    public static Bytes digest(String algorithm, Bytes content) {
        try {
            return Bytes.copyOf(MessageDigest.getInstance(algorithm).digest(content.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("hash algorithm: " + algorithm + " (expected: one of the JDK's)", e);
        }
    }

    /// Whether `key` made `signature`, which is `r ‖ s` of the curve's size, over `content`.
    public static boolean verify(ECPublicKey key, CoseAlgorithm algorithm, Bytes content, Bytes signature) {
        if (signature.size() != 2 * fieldBytes(key)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(jcaName(algorithm), EllipticCurves.provider());
            verifier.initVerify(key);
            verifier.update(content.toByteArray());
            return verifier.verify(signature.toByteArray());
        } catch (SignatureException ignored) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("verifying " + algorithm + ": " + e.getMessage(), e);
        }
    }

    /// A signer by a key in this process.
    public static CoseSign1.Signer signer(ECPrivateKey key, CoseAlgorithm algorithm) {
        return toBeSigned -> sign(key, algorithm, toBeSigned);
    }

    /// A key of a point.
    ///
    /// @throws CborException.Unexpected if the point is not on the curve
    public static ECPublicKey publicKey(CoseKey key) {
        ECNamedCurveParameterSpec parameters = parameters(key.curve());
        try {
            ECPoint point = parameters.getCurve().decodePoint(key.point().toByteArray());
            return (ECPublicKey) keys().generatePublic(new ECPublicKeySpec(point, parameters));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            CborException refused =
                    new CborException.Unexpected("EC point", "not on the curve", "a point of " + key.curve());
            refused.initCause(e);
            throw refused;
        }
    }

    /// A key of a SubjectPublicKeyInfo in DER.
    ///
    /// @throws CborException.Unexpected if it is none of a known curve
    public static ECPublicKey publicKey(Bytes subjectPublicKeyInfo) {
        try {
            ECPublicKey key =
                    (ECPublicKey) keys().generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo.toByteArray()));
            return publicKey(coseKey(key));
        } catch (ClassCastException | IllegalArgumentException | GeneralSecurityException e) {
            CborException refused = new CborException.Unexpected(
                    "SubjectPublicKeyInfo", "not an EC key", "one of P-256, P-384 or P-521");
            refused.initCause(e);
            throw refused;
        }
    }

    /// The key pair whose private key is a big-endian scalar.
    ///
    /// @throws IllegalArgumentException if the scalar is not between 1 and the order of the curve
    public static KeyPair keyPair(EcCurve curve, byte[] scalar) {
        ECNamedCurveParameterSpec parameters = parameters(curve);
        BigInteger d = new BigInteger(1, scalar);
        if (d.signum() == 0 || d.compareTo(parameters.getN()) >= 0) {
            throw new IllegalArgumentException("private key: out of range (expected: between 1 and the order)");
        }
        try {
            ECPoint point = parameters.getG().multiply(d).normalize();
            return new KeyPair(
                    keys().generatePublic(new ECPublicKeySpec(point, parameters)),
                    keys().generatePrivate(new ECPrivateKeySpec(d, parameters)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("making a key of " + curve + ": " + e.getMessage(), e);
        }
    }

    /// A fresh key pair.
    public static KeyPair generate(EcCurve curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", EllipticCurves.provider());
            generator.initialize(new ECGenParameterSpec(curve.standardName()));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("generating a key of " + curve + ": " + e.getMessage(), e);
        }
    }

    /// The point of a key.
    ///
    /// @throws CborException.Unexpected if it is of no known curve
    public static CoseKey coseKey(ECPublicKey key) {
        int bytes = fieldBytes(key);
        for (EcCurve curve : EcCurve.values()) {
            if (curve.fieldBytes() == bytes) {
                return new CoseKey(
                        curve,
                        unsigned(key.getW().getAffineX(), bytes),
                        unsigned(key.getW().getAffineY(), bytes));
            }
        }
        throw new CborException.Unexpected("EC key", 8 * bytes + " bits", "P-256, P-384 or P-521");
    }

    private static Bytes sign(ECPrivateKey key, CoseAlgorithm algorithm, Bytes content) {
        try {
            Signature signer = Signature.getInstance(jcaName(algorithm), EllipticCurves.provider());
            signer.initSign(key);
            signer.update(content.toByteArray());
            return Bytes.copyOf(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing by " + algorithm + ": " + e.getMessage(), e);
        }
    }

    private static String jcaName(CoseAlgorithm algorithm) {
        return algorithm.digest().replace("-", "") + "withECDSAinP1363Format";
    }

    private static int fieldBytes(ECPublicKey key) {
        return (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
    }

    private static Bytes unsigned(BigInteger value, int size) {
        byte[] raw = value.toByteArray();
        byte[] fixed = new byte[size];
        int kept = Math.min(raw.length, size);
        System.arraycopy(raw, raw.length - kept, fixed, size - kept, kept);
        return Bytes.copyOf(fixed);
    }

    private static ECNamedCurveParameterSpec parameters(EcCurve curve) {
        return ECNamedCurveTable.getParameterSpec(curve.standardName());
    }

    private static KeyFactory keys() throws NoSuchAlgorithmException {
        return KeyFactory.getInstance("EC", KEYS);
    }
}
