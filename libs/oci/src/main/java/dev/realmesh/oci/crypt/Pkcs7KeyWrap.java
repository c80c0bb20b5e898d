// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.OciException;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Private options as PKCS #7 enveloped data (RFC 5652 section 6) for holders of RSA keys, content encrypted with
/// AES-128-GCM and its key by PKCS #1 v1.5: what ocicrypt writes. AES-256-GCM is read too; modes that do not
/// authenticate are not.
///
/// A certificate says only which of the recipients one is. Here each key is tried on each recipient, so that the key
/// alone is enough to open.
final class Pkcs7KeyWrap {
    static final String ANNOTATION = "org.opencontainers.image.enc.keys.pkcs7";

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_RECIPIENTS = 100;
    private static final int IV_SIZE_BYTES = 12;
    private static final int TAG_SIZE_BYTES = 16;
    private static final int KEY_SIZE_BYTES = 16;

    /// Context-specific tag 0, constructed and primitive.
    private static final int EXPLICIT_0 = 0xa0;

    private static final int IMPLICIT_0 = 0x80;

    /// ocicrypt's library has its parameters in a sequence within a sequence, the outer one by a primitive tag, and a
    /// nonce of tag 4 where RFC 5084 section 3.2 has an octet string.
    private static final int PRIMITIVE_SEQUENCE = 0x10;

    private static final int NONCE = 0x84;

    private static final byte[] ENVELOPED_DATA = HexFormat.of().parseHex("2a864886f70d010703");
    private static final byte[] DATA = HexFormat.of().parseHex("2a864886f70d010701");
    private static final byte[] RSA_ENCRYPTION = HexFormat.of().parseHex("2a864886f70d010101");
    private static final byte[] AES_128_GCM = HexFormat.of().parseHex("608648016503040106");
    private static final byte[] AES_256_GCM = HexFormat.of().parseHex("60864801650304012e");

    private Pkcs7KeyWrap() {}

    /// Wraps for one or more recipients.
    static byte[] wrap(List<Recipient.Pkcs7> recipients, byte[] privateOptions, SecureRandom random) {
        byte[] key = new byte[KEY_SIZE_BYTES];
        byte[] iv = new byte[IV_SIZE_BYTES];
        random.nextBytes(key);
        random.nextBytes(iv);
        try {
            byte[] sealed = gcm(Cipher.ENCRYPT_MODE, key, iv).doFinal(privateOptions);
            List<byte[]> infos = new ArrayList<>();
            for (Recipient.Pkcs7 recipient : recipients) {
                infos.add(recipientInfo(recipient.certificate(), key));
            }
            infos.sort(Arrays::compareUnsigned);
            byte[] version = Der.element(Der.INTEGER, new byte[] {0});
            byte[] set = Der.element(Der.SET, infos.toArray(byte[][]::new));
            byte[] enveloped = Der.element(Der.SEQUENCE, version, set, encryptedContent(iv, sealed));
            return Der.element(
                    Der.SEQUENCE,
                    Der.element(Der.OBJECT_IDENTIFIER, ENVELOPED_DATA),
                    Der.element(EXPLICIT_0, enveloped));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PKCS #7: cannot encrypt to a checked certificate", e);
        }
    }

    /// Tries each key on each recipient's part.
    ///
    /// @return the private options, or empty if no key fits
    /// @throws OciException if it is no enveloped data of the kinds above
    static Optional<byte[]> unwrap(byte[] der, List<PrivateKey> keys) {
        if (der.length > MAX_BYTES) {
            throw new OciException.LimitExceeded("bytes of the PKCS #7 packet", MAX_BYTES);
        }
        Der contentInfo = Der.of(der).enter(Der.SEQUENCE);
        requireOid("content", contentInfo.bytes(Der.OBJECT_IDENTIFIER), ENVELOPED_DATA);
        Der enveloped = contentInfo.enter(EXPLICIT_0).enter(Der.SEQUENCE);
        enveloped.bytes(Der.INTEGER);
        List<byte[]> wrappedKeys = wrappedKeys(enveloped.enter(Der.SET));
        Der content = enveloped.enter(Der.SEQUENCE);
        content.bytes(Der.OBJECT_IDENTIFIER);
        Der algorithm = content.enter(Der.SEQUENCE);
        int keyBytes = keySize(algorithm.bytes(Der.OBJECT_IDENTIFIER));
        byte[] iv = nonce(algorithm);
        byte[] sealed = encryptedOctets(content);
        for (byte[] wrapped : wrappedKeys) {
            for (PrivateKey key : keys) {
                Optional<byte[]> opened = key instanceof RSAPrivateKey rsa && fits(rsa, wrapped)
                        ? open(contentKey(rsa, wrapped, keyBytes), iv, sealed)
                        : Optional.empty();
                if (opened.isPresent()) {
                    return opened;
                }
            }
        }
        return Optional.empty();
    }

    private static List<byte[]> wrappedKeys(Der recipientInfos) {
        List<byte[]> keys = new ArrayList<>();
        while (recipientInfos.hasNext()) {
            if (keys.size() >= MAX_RECIPIENTS) {
                throw new OciException.LimitExceeded("recipients of the PKCS #7 packet", MAX_RECIPIENTS);
            }
            if (!recipientInfos.nextIs(Der.SEQUENCE)) {
                recipientInfos.skip();
                continue;
            }
            Der info = recipientInfos.enter(Der.SEQUENCE);
            info.bytes(Der.INTEGER);
            info.skip();
            byte[] algorithm = info.enter(Der.SEQUENCE).bytes(Der.OBJECT_IDENTIFIER);
            if (Arrays.equals(algorithm, RSA_ENCRYPTION)) {
                keys.add(info.bytes(Der.OCTET_STRING));
            }
        }
        return keys;
    }

    private static boolean fits(RSAPrivateKey key, byte[] wrapped) {
        return wrapped.length == (key.getModulus().bitLength() + 7) / 8;
    }

    /// The content's key, or one that opens nothing where the padding is wrong: the refusal of the content is all that
    /// is told, so that nobody learns about the key by sending others (RFC 3218 section 2.3.2).
    private static byte[] contentKey(RSAPrivateKey key, byte[] wrapped, int keyBytes) {
        byte[] other = new byte[keyBytes];
        new SecureRandom().nextBytes(other);
        try {
            byte[] opened = rsa(Cipher.DECRYPT_MODE, key).doFinal(wrapped);
            return opened.length == keyBytes ? opened : other;
        } catch (GeneralSecurityException e) {
            return other;
        }
    }

    private static Optional<byte[]> open(byte[] key, byte[] iv, byte[] sealed) {
        try {
            return Optional.of(gcm(Cipher.DECRYPT_MODE, key, iv).doFinal(sealed));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static int keySize(byte[] oid) {
        if (Arrays.equals(oid, AES_128_GCM)) {
            return KEY_SIZE_BYTES;
        }
        requireOid("content encryption", oid, AES_256_GCM);
        return 2 * KEY_SIZE_BYTES;
    }

    /// In one piece, or as ocicrypt before 2024 has it, in octet strings.
    private static byte[] encryptedOctets(Der content) {
        if (content.nextIs(IMPLICIT_0)) {
            return content.bytes(IMPLICIT_0);
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (Der pieces = content.enter(EXPLICIT_0); pieces.hasNext(); ) {
            octets.writeBytes(pieces.bytes(Der.OCTET_STRING));
        }
        return octets.toByteArray();
    }

    private static byte[] nonce(Der algorithm) {
        Der parameters = algorithm.enter(algorithm.nextIs(PRIMITIVE_SEQUENCE) ? PRIMITIVE_SEQUENCE : Der.SEQUENCE);
        if (parameters.nextIs(Der.SEQUENCE)) {
            parameters = parameters.enter(Der.SEQUENCE);
        }
        byte[] nonce = parameters.bytes(parameters.nextIs(NONCE) ? NONCE : Der.OCTET_STRING);
        // Without a length of the tag it is 12 bytes, which nobody writes.
        byte[] tagSize = parameters.hasNext() ? parameters.bytes(Der.INTEGER) : new byte[] {12};
        if (nonce.length != IV_SIZE_BYTES || !Arrays.equals(tagSize, new byte[] {TAG_SIZE_BYTES})) {
            throw new OciException.Unsupported("PKCS #7, GCM parameters: nonce of " + nonce.length
                    + " bytes, or tag of another size (expected: " + IV_SIZE_BYTES + ", " + TAG_SIZE_BYTES + ")");
        }
        return nonce;
    }

    private static byte[] recipientInfo(X509Certificate certificate, byte[] key) throws GeneralSecurityException {
        byte[] wrapped = rsa(Cipher.ENCRYPT_MODE, certificate.getPublicKey()).doFinal(key);
        return Der.element(
                Der.SEQUENCE,
                Der.element(Der.INTEGER, new byte[] {0}),
                issuerAndSerial(certificate),
                Der.element(Der.SEQUENCE, Der.element(Der.OBJECT_IDENTIFIER, RSA_ENCRYPTION), Der.element(Der.NULL)),
                Der.element(Der.OCTET_STRING, wrapped));
    }

    /// Just as they are in the certificate (RFC 5280 section 4.1): readers compare bytes.
    private static byte[] issuerAndSerial(X509Certificate certificate) throws CertificateEncodingException {
        Der tbs = Der.of(certificate.getTBSCertificate()).enter(Der.SEQUENCE);
        if (tbs.nextIs(EXPLICIT_0)) {
            tbs.skip();
        }
        byte[] serial = tbs.whole();
        tbs.skip();
        return Der.element(Der.SEQUENCE, tbs.whole(), serial);
    }

    private static byte[] encryptedContent(byte[] iv, byte[] sealed) {
        byte[] parameters = Der.element(
                Der.SEQUENCE, Der.element(NONCE, iv), Der.element(Der.INTEGER, new byte[] {TAG_SIZE_BYTES}));
        return Der.element(
                Der.SEQUENCE,
                Der.element(Der.OBJECT_IDENTIFIER, DATA),
                Der.element(
                        Der.SEQUENCE,
                        Der.element(Der.OBJECT_IDENTIFIER, AES_128_GCM),
                        Der.element(Der.SEQUENCE, parameters)),
                Der.element(IMPLICIT_0, sealed));
    }

    private static void requireOid(String what, byte[] actual, byte[] expected) {
        if (!Arrays.equals(actual, expected)) {
            HexFormat hex = HexFormat.of();
            throw new OciException.Unsupported(
                    "PKCS #7, type of " + what + ": " + hex.formatHex(actual, 0, Math.min(actual.length, 16))
                            + " (expected: " + hex.formatHex(expected) + ", as ocicrypt has it)");
        }
    }

    private static Cipher gcm(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        SecretKey aes = new SecretKeySpec(key, "AES");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, aes, new GCMParameterSpec(TAG_SIZE_BYTES * 8, iv));
        return cipher;
    }

    private static Cipher rsa(int mode, Key key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(mode, key);
        return cipher;
    }
}
