// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.vault;

import dev.realmesh.keybroker.resource.MasterKeyWrapping;
import dev.realmesh.keybroker.resource.ResourceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// The master key's ring wrapped by a key of Vault's transit engine, as text such as `vault:v1:…`.
///
/// Vault opens the ring once, at the broker's start, and not each secret's own key: so a release asks nobody, and goes
/// on
/// while Vault is away or sealed. What Vault guards is the broker's disk and its backups: without Vault, or after its
/// key
/// is revoked there, nothing of them opens. Both keys rotate apart: the broker's by `secret rotate-master-key`, whose
/// new
/// ring transit's newest version wraps, and transit's own by `vault write -f transit/keys/KEY/rotate`, upon which the
/// next
/// start wraps the ring anew.
public final class TransitWrapping implements MasterKeyWrapping {
    private final VaultConnection vault;
    private final VaultConfig.Transit transit;

    /// Wrapping by a key.
    public TransitWrapping(VaultConnection vault, VaultConfig.Transit transit) {
        this.vault = vault;
        this.transit = transit;
    }

    @Override
    public byte[] wrap(byte[] ring) {
        return text("encrypt", "plaintext", Base64.getEncoder().encodeToString(ring), "ciphertext")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
        String ring = text("decrypt", "ciphertext", ciphertext(wrapped), "plaintext");
        try {
            return Base64.getDecoder().decode(ring);
        } catch (IllegalArgumentException e) {
            throw new ResourceException.VaultAway("answers what is no plaintext of transit's");
        }
    }

    @Override
    public Optional<byte[]> wrappedAnew(byte[] wrapped) {
        String old = ciphertext(wrapped);
        String anew = text("rewrap", "ciphertext", old, "ciphertext");
        return version(anew).equals(version(old))
                ? Optional.empty()
                : Optional.of(anew.getBytes(StandardCharsets.US_ASCII));
    }

    private String text(String operation, String given, String value, String wanted) {
        VaultConnection.Answer answer =
                vault.write(transit.mount() + "/" + operation + "/" + transit.key(), Map.of(given, value));
        if (answer.status() == 400) {
            throw new ResourceException.Unreadable("master key");
        }
        return answer.data().path(wanted).asString("");
    }

    private static String ciphertext(byte[] wrapped) {
        return new String(wrapped, StandardCharsets.US_ASCII).strip();
    }

    /// `vault:v1` of `vault:v1:…`.
    private static String version(String ciphertext) {
        return ciphertext.substring(0, Math.max(0, ciphertext.lastIndexOf(':')));
    }
}
