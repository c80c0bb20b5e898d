// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A secret at rest: encrypted by a key of its own (AES-256-GCM), which the master key wraps. Path and version are
/// authenticated by both, so whoever can write the database can neither move a secret to another path nor bring an
/// older
/// version back under a newer number.
final class Envelope {
    private static final AesGcm AES = new AesGcm();

    private final byte[] wrappedKey;
    private final byte[] ciphertext;

    Envelope(byte[] wrappedKey, byte[] ciphertext) {
        this.wrappedKey = wrappedKey.clone();
        this.ciphertext = ciphertext.clone();
    }

    static Envelope seal(SecretBytes secret, MasterKey masterKey, ResourcePath path, long version) {
        byte[] associated = associated(path, version);
        byte[] dataKey = AES.newKey();
        byte[] plaintext = secret.reveal();
        try {
            return new Envelope(masterKey.wrap(dataKey, associated), AES.seal(dataKey, plaintext, associated));
        } finally {
            Arrays.fill(plaintext, (byte) 0);
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /// @throws ResourceException.Unreadable if it was altered, or is of another path, version or master key
    SecretBytes open(MasterKey masterKey, ResourcePath path, long version) {
        byte[] associated = associated(path, version);
        byte[] dataKey = masterKey.unwrap(wrappedKey, associated, path.toString());
        try {
            return SecretBytes.taking(AES.open(dataKey, ciphertext, associated, path.toString()));
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /// The same secret, its key wrapped by another master key.
    ///
    /// @throws ResourceException.Unreadable if it was altered, or is of another path, version or master key
    Envelope wrappedBy(MasterKey other, MasterKey masterKey, ResourcePath path, long version) {
        byte[] associated = associated(path, version);
        byte[] dataKey = masterKey.unwrap(wrappedKey, associated, path.toString());
        try {
            return new Envelope(other.wrap(dataKey, associated), ciphertext);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    byte[] wrappedKey() {
        return wrappedKey.clone();
    }

    byte[] ciphertext() {
        return ciphertext.clone();
    }

    private static byte[] associated(ResourcePath path, long version) {
        return ("realmesh resource " + path + " " + version).getBytes(StandardCharsets.UTF_8);
    }
}
