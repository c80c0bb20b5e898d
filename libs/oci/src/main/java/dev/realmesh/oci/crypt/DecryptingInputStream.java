// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/// Decrypts a layer as it passes and checks the HMAC at its end, in constant memory.
final class DecryptingInputStream extends BulkInputStream {
    private static final int BUFFER_BYTES = 16 << 10;

    private final Descriptor layer;
    private final PublicOptions publicOptions;
    private final InputStream ciphertext;
    private final Cipher cipher;
    private final Mac mac;
    private final byte[] encrypted = new byte[BUFFER_BYTES];
    private boolean authentic;

    DecryptingInputStream(
            Descriptor layer, PublicOptions publicOptions, PrivateOptions privateOptions, InputStream ciphertext) {
        this.layer = layer;
        this.publicOptions = publicOptions;
        this.ciphertext = ciphertext;
        this.cipher = LayerCipher.cipher(Cipher.DECRYPT_MODE, privateOptions);
        this.mac = LayerCipher.mac(privateOptions);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = ciphertext.read(encrypted, 0, Math.min(length, encrypted.length));
        if (read < 0) {
            authenticate();
            return -1;
        }
        mac.update(encrypted, 0, read);
        try {
            return cipher.update(encrypted, 0, read, buffer, offset);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("counter mode: output longer than input", e);
        }
    }

    @Override
    public void close() throws IOException {
        ciphertext.close();
    }

    private void authenticate() {
        if (authentic) {
            return;
        }
        if (!publicOptions.hmacEquals(mac.doFinal())) {
            throw new OciException.NotAuthentic(
                    "encrypted layer " + layer.digest() + ": HMAC differs from the annotated one");
        }
        authentic = true;
    }
}
