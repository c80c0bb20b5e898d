// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.PemKeys;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.secret.SecretClient;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The keys of one image, each fetched once, and only if a layer asks for it. A layer may name several keys: that one
/// is
/// refused or missing does not matter if another opens the layer, so the first such reason is kept until then.
public final class ImageKeys implements KeySource {
    private final SecretClient secrets;
    private final List<ResourceUri> decryptionKeys;
    private final Map<ResourcePath, Optional<SecretKey>> keyEncryptionKeys = new HashMap<>();
    private Optional<List<PrivateKey>> privateKeys = Optional.empty();
    private Optional<RuntimeException> firstRefusal = Optional.empty();
    private int fetched;

    /// The keys of one image; none is fetched yet.
    ///
    /// @param decryptionKeys resources that hold private keys in PEM
    ImageKeys(SecretClient secrets, List<ResourceUri> decryptionKeys) {
        this.secrets = secrets;
        this.decryptionKeys = decryptionKeys;
    }

    @Override
    public Optional<SecretKey> keyEncryptionKey(String kid) {
        try {
            return keyEncryptionKeys.computeIfAbsent(ResourceUri.parse(kid).path(), this::fetchKeyEncryptionKey);
        } catch (KbsException.Malformed malformed) {
            refused(malformed);
            return Optional.empty();
        }
    }

    @Override
    public List<PrivateKey> privateKeys() {
        if (privateKeys.isEmpty()) {
            List<PrivateKey> keys = new ArrayList<>();
            for (ResourceUri uri : decryptionKeys) {
                fetch(uri.path()).ifPresent(pem -> keys.add(parse(pem)));
            }
            privateKeys = Optional.of(List.copyOf(keys));
        }
        return privateKeys.get();
    }

    /// Why a key is missing: the first refusal, if there was one.
    Optional<RuntimeException> firstRefusal() {
        return firstRefusal;
    }

    /// How many secrets were fetched.
    public int fetched() {
        return fetched;
    }

    private Optional<SecretKey> fetchKeyEncryptionKey(ResourcePath path) {
        return fetch(path).map(secret -> {
            try (secret) {
                byte[] key = secret.reveal();
                SecretKey aes = new SecretKeySpec(key, "AES");
                Arrays.fill(key, (byte) 0);
                return aes;
            }
        });
    }

    private Optional<SecretBytes> fetch(ResourcePath path) {
        try {
            SecretBytes secret = secrets.get(path);
            fetched++;
            return Optional.of(secret);
        } catch (BrokerException.Refused | BrokerException.NoSuchResource refusal) {
            refused(refusal);
            return Optional.empty();
        }
    }

    private static PrivateKey parse(SecretBytes secret) {
        try (secret) {
            byte[] pem = secret.reveal();
            try {
                return PemKeys.privateKey(new String(pem, StandardCharsets.US_ASCII));
            } finally {
                Arrays.fill(pem, (byte) 0);
            }
        }
    }

    private void refused(RuntimeException reason) {
        firstRefusal = firstRefusal.or(() -> Optional.of(reason));
    }
}
