// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/// The key that wraps the keys of envelopes. It never encrypts a secret itself, so it can be replaced by wrapping anew.
public final class MasterKey implements AutoCloseable {
    private final SecretBytes key;
    private final String id;
    private final AesGcm aes = new AesGcm();

    private MasterKey(SecretBytes key, String id) {
        this.key = key;
        this.id = id;
    }

    /// New key material: 32 random bytes.
    public static byte[] newMaterial() {
        byte[] material = new byte[AesGcm.KEY_LENGTH];
        new SecureRandom().nextBytes(material);
        return material;
    }

    /// The key of this material.
    ///
    /// @throws IllegalArgumentException if it is not 32 bytes long
    public static MasterKey of(byte[] material) {
        if (material.length != AesGcm.KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "master key: " + material.length + " bytes (expected: " + AesGcm.KEY_LENGTH + ")");
        }
        return new MasterKey(SecretBytes.copyOf(material), fingerprint(material));
    }

    /// Name of the key, which stands beside what it wraps: the first 8 bytes of a hash, in hex.
    public String id() {
        return id;
    }

    byte[] wrap(byte[] dataKey, byte[] associated) {
        byte[] material = key.reveal();
        try {
            return aes.seal(material, dataKey, associated);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    byte[] unwrap(byte[] wrapped, byte[] associated, String what) {
        byte[] material = key.reveal();
        try {
            return aes.open(material, wrapped, associated, what);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "MasterKey[" + id + "]";
    }

    private static String fingerprint(byte[] material) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update("realmesh master key id".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(sha256.digest(material), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not served by this Java", e);
        }
    }
}
