// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.OciException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// RSA and EC keys in PEM: `PUBLIC KEY`, `PRIVATE KEY` (PKCS #8) and `RSA PRIVATE KEY` (PKCS #1). Other forms are
/// refused with the command that converts them. A private key's certificate may stand beside it.
public final class PemKeys {
    private static final int MAX_LENGTH = 64 << 10;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /// DER of the algorithm identifiers that may follow `SEQUENCE { SEQUENCE {` or version 0.
    private static final Map<String, String> OBJECT_IDENTIFIERS =
            Map.of("RSA", "06092a864886f70d010101", "EC", "06072a8648ce3d0201", "Ed25519", "06032b6570");

    private static final Set<String> ENCRYPTION = Set.of("RSA", "EC");
    private static final Set<String> SIGNATURE = OBJECT_IDENTIFIERS.keySet();

    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private PemKeys() {}

    /// Reads a public key that layers are encrypted to.
    ///
    /// @throws OciException if there is none, or of another algorithm
    public static PublicKey publicKey(String pem) {
        return publicKey(pem, ENCRYPTION);
    }

    /// Reads a public key that signatures are checked by.
    ///
    /// @throws OciException if there is none, or of another algorithm
    public static PublicKey verificationKey(String pem) {
        return publicKey(pem, SIGNATURE);
    }

    /// Reads a private key that opens layers. Messages do not repeat its content.
    ///
    /// @throws OciException if there is none, or of another algorithm
    public static PrivateKey privateKey(String pem) {
        return privateKey(pem, ENCRYPTION);
    }

    /// Reads a private key that signs. Messages do not repeat its content.
    ///
    /// @throws OciException if there is none, or of another algorithm
    public static PrivateKey signingKey(String pem) {
        return privateKey(pem, SIGNATURE);
    }

    private static PublicKey publicKey(String pem, Set<String> algorithms) {
        Block block = Block.first(pem);
        if (!block.type.equals("PUBLIC KEY")) {
            throw new OciException.Unsupported(
                    "PEM: " + block.type + " (expected: PUBLIC KEY, such as from openssl pkey -pubout)");
        }
        try {
            return factory(block.der, algorithms).generatePublic(new X509EncodedKeySpec(block.der));
        } catch (GeneralSecurityException e) {
            throw new OciException.Malformed("PEM: no valid public key inside", e);
        }
    }

    private static PrivateKey privateKey(String pem, Set<String> algorithms) {
        Block block = Block.firstButCertificates(pem);
        byte[] pkcs8 = switch (block.type) {
            case "PRIVATE KEY" -> block.der;
            case "RSA PRIVATE KEY" -> pkcs8OfRsa(block.der);
            default ->
                throw new OciException.Unsupported(
                        "PEM: " + block.type + " (expected: PRIVATE KEY, such as from openssl pkcs8 -topk8 -nocrypt)");
        };
        try {
            return factory(pkcs8, algorithms).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new OciException.Malformed("PEM: no valid private key inside", e);
        }
    }

    private static KeyFactory factory(byte[] der, Set<String> algorithms) throws GeneralSecurityException {
        String head = HexFormat.of().formatHex(der, 0, Math.min(der.length, 32));
        for (Map.Entry<String, String> algorithm : OBJECT_IDENTIFIERS.entrySet()) {
            if (algorithms.contains(algorithm.getKey()) && head.contains(algorithm.getValue())) {
                return KeyFactory.getInstance(algorithm.getKey());
            }
        }
        throw new OciException.Unsupported(
                "PEM: key of another algorithm (expected: " + String.join(" or ", new TreeSet<>(algorithms)) + ")");
    }

    /// PKCS #8 is `SEQUENCE { INTEGER 0, algorithm, OCTET STRING { PKCS #1 } }`.
    private static byte[] pkcs8OfRsa(byte[] pkcs1) {
        byte[] version = {0x02, 0x01, 0x00};
        byte[] octets = der(0x04, pkcs1);
        byte[] content = ByteBuffer.allocate(version.length + RSA_ALGORITHM.length + octets.length)
                .put(version)
                .put(RSA_ALGORITHM)
                .put(octets)
                .array();
        return der(0x30, content);
    }

    /// One DER element of 128 to 65,535 bytes, which every RSA private key is.
    private static byte[] der(int tag, byte[] content) {
        if (content.length < 128 || content.length > 0xffff) {
            throw new OciException.Malformed("PEM: RSA key of " + content.length + " bytes (expected: 128 to 65535)");
        }
        return ByteBuffer.allocate(content.length + 4)
                .put((byte) tag)
                .put((byte) 0x82)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static final class Block {
        private final String type;
        private final byte[] der;

        private Block(String type, byte[] der) {
            this.type = type;
            this.der = der;
        }

        private static Block first(String pem) {
            return blocks(pem)
                    .findFirst()
                    .orElseThrow(() -> new OciException.Malformed("PEM: no block (expected: -----BEGIN …-----)"));
        }

        private static Block firstButCertificates(String pem) {
            return blocks(pem)
                    .filter(block -> !block.type.equals("CERTIFICATE"))
                    .findFirst()
                    .orElseThrow(
                            () -> new OciException.Malformed("PEM: no key (expected: -----BEGIN PRIVATE KEY-----)"));
        }

        private static Stream<Block> blocks(String pem) {
            if (pem.length() > MAX_LENGTH) {
                throw new OciException.LimitExceeded("length of PEM", MAX_LENGTH);
            }
            return BLOCK.matcher(pem).results().map(Block::read);
        }

        private static Block read(MatchResult block) {
            try {
                return new Block(block.group(1), Base64.getMimeDecoder().decode(block.group(2)));
            } catch (IllegalArgumentException e) {
                throw new OciException.Malformed("PEM: body is not base64", e);
            }
        }
    }
}
