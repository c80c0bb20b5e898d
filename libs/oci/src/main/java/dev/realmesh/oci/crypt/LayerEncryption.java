// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.Base64Text;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.VerifyingInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/// Encrypts layers for a set of recipients, each of whom can open them alone.
public final class LayerEncryption {
    /// Those of an earlier encryption are nobody's any more.
    private static final String ANNOTATIONS = "org.opencontainers.image.enc.";

    private static final int BUFFER_BYTES = 16 << 10;

    private final List<Recipient.Jwe> jweRecipients;
    private final List<Recipient.Pkcs7> pkcs7Recipients;
    private final List<Recipient.KeyBroker> keyBrokers;
    private final SecureRandom random;

    /// @throws OciException.Unsupported if there is no recipient
    public LayerEncryption(List<Recipient> recipients, SecureRandom random) {
        if (recipients.isEmpty()) {
            throw new OciException.Unsupported("recipients: none (expected: at least one)");
        }
        this.jweRecipients = only(recipients, Recipient.Jwe.class);
        this.pkcs7Recipients = only(recipients, Recipient.Pkcs7.class);
        this.keyBrokers = only(recipients, Recipient.KeyBroker.class);
        this.random = random;
    }

    /// Encrypts a layer with a fresh key while it passes, in constant memory.
    ///
    /// @param layer descriptor of the plain layer
    /// @param plain its bytes, which are checked against the descriptor
    /// @param ciphertext takes as many bytes; not closed
    /// @return descriptor of the ciphertext, with the wrapped keys in its annotations
    /// @throws OciException if the layer is not plain, or not what its descriptor says
    /// @throws IOException if `ciphertext` cannot be written
    public Descriptor encrypt(Descriptor layer, InputStream plain, OutputStream ciphertext) throws IOException {
        String mediaType = LayerFormat.encrypted(layer.mediaType());
        PrivateOptions options = PrivateOptions.fresh(random, layer.digest());
        Cipher cipher = LayerCipher.cipher(Cipher.ENCRYPT_MODE, options);
        Mac mac = LayerCipher.mac(options);
        MessageDigest hash = OciDigest.Algorithm.SHA256.newHash();
        InputStream verified = VerifyingInputStream.of(layer, plain);
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = verified.read(buffer); read >= 0; read = verified.read(buffer)) {
            byte[] encrypted = cipher.update(buffer, 0, read);
            mac.update(encrypted);
            hash.update(encrypted);
            ciphertext.write(encrypted);
        }
        OciDigest digest = OciDigest.of(OciDigest.Algorithm.SHA256, hash.digest());
        Map<String, String> annotations = new LinkedHashMap<>(layer.annotations());
        annotations.keySet().removeIf(name -> name.startsWith(ANNOTATIONS));
        annotations.put(PublicOptions.ANNOTATION, new PublicOptions(mac.doFinal()).toAnnotation());
        annotations.putAll(wrappedKeys(options.toJson()));
        return new Descriptor(mediaType, digest, layer.size(), annotations);
    }

    private Map<String, String> wrappedKeys(byte[] privateOptions) {
        Map<String, String> annotations = new LinkedHashMap<>();
        if (!jweRecipients.isEmpty()) {
            byte[] jwe = JweKeyWrap.wrap(jweRecipients, privateOptions, random);
            annotations.put(JweKeyWrap.ANNOTATION, Base64Text.encode(jwe));
        }
        if (!pkcs7Recipients.isEmpty()) {
            byte[] enveloped = Pkcs7KeyWrap.wrap(pkcs7Recipients, privateOptions, random);
            annotations.put(Pkcs7KeyWrap.ANNOTATION, Base64Text.encode(enveloped));
        }
        if (!keyBrokers.isEmpty()) {
            String packets = keyBrokers.stream()
                    .map(recipient -> KeyPacket.wrap(recipient, privateOptions, random))
                    .map(packet -> Base64Text.encode(packet.toJson()))
                    .collect(Collectors.joining(","));
            annotations.put(KeyPacket.ANNOTATION, packets);
        }
        return annotations;
    }

    private static <T extends Recipient> List<T> only(List<Recipient> recipients, Class<T> kind) {
        return recipients.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
