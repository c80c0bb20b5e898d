// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.keyprovider;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.crypt.KeyPacket;
import dev.realmesh.oci.crypt.Recipient;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wraps layer keys by key-encryption keys that it finds in the broker, or makes there. It needs to trust nobody who
/// asks:
/// a key is neither given out nor replaced, and encrypts nothing but private options of layers. That an image is
/// encrypted
/// by such a key says nothing of who made it.
public final class KeyProvider {
    private static final Logger LOG = LoggerFactory.getLogger(KeyProvider.class);
    private static final String ACTOR = "key-provider";
    private static final String NEW_KEYS = "default/image-kek/";
    private static final int KEY_LENGTH = 32;

    private final KeyProviderConfig config;
    private final ResourceRepository resources;
    private final WrapRate rate;
    private final SecureRandom random = new SecureRandom();

    /// A provider whose keys are in `resources`.
    public KeyProvider(KeyProviderConfig config, ResourceRepository resources, InstantSource clock) {
        this.config = config;
        this.resources = resources;
        this.rate = new WrapRate(config.wrapsPerMinute(), clock);
    }

    /// Wraps the private options of a layer.
    ///
    /// @param privateOptions ocicrypt's, as JSON
    /// @throws KeyProviderException if they are none, or that key may not be used or made
    /// @throws dev.realmesh.storage.StorageException if a key cannot be read or stored
    public KeyPacket wrap(WrapParameters parameters, byte[] privateOptions) {
        rate.take();
        ResourcePath path = parameters.keyId().orElseGet(KeyProvider::newPath);
        if (!path.toString().startsWith(config.prefix())) {
            throw new KeyProviderException.NotItsKey(path, config.prefix());
        }
        try (SecretBytes key = resources.find(path).orElseGet(() -> make(path))) {
            if (key.length() != KEY_LENGTH) {
                throw new KeyProviderException.NoKey(path);
            }
            var recipient = new Recipient.KeyBroker("kbs:///" + path, secretKey(key));
            return KeyPacket.wrapForOthers(recipient, privateOptions, random);
        } catch (OciException e) {
            // Its message may repeat what it could not read.
            throw new KeyProviderException.Malformed(
                    "optsdata: not the private options of a layer (expected: ocicrypt's"
                            + " symkey of 32 bytes, nonce of 16, digest)");
        }
    }

    /// A new key; or that of another caller who was quicker.
    private SecretBytes make(ResourcePath path) {
        long there = resources.list().stream()
                .filter(each -> each.toString().startsWith(config.prefix()))
                .count();
        if (there >= config.maxKeys()) {
            throw new KeyProviderException.TooManyKeys(config.maxKeys());
        }
        byte[] material = new byte[KEY_LENGTH];
        random.nextBytes(material);
        SecretBytes key = SecretBytes.taking(material);
        if (resources.putNew(path, key, ACTOR)) {
            LOG.info("{}: key made", path);
            return key;
        }
        key.close();
        Optional<SecretBytes> others = resources.find(path);
        return others.orElseThrow(() -> new KeyProviderException.NoKey(path));
    }

    private static ResourcePath newPath() {
        return ResourcePath.parse(NEW_KEYS + UUID.randomUUID());
    }

    private static SecretKey secretKey(SecretBytes key) {
        byte[] raw = key.reveal();
        try {
            return new SecretKeySpec(raw, "AES");
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }
}
