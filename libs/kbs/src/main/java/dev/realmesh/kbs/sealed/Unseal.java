// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.sealed;

import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.kbs.SecretBytes;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Opens sealed secrets with what a broker keeps: the keys of who seals, secrets, and keys of envelopes. The signature
/// is
/// checked before anything that the secret names is asked for.
public final class Unseal {
    private final Function<ResourceUri, SecretBytes> resources;
    private final Set<String> providers;

    private Unseal(Function<ResourceUri, SecretBytes> resources, Set<String> providers) {
        this.resources = resources;
        this.providers = providers;
    }

    /// Opens what a key broker keeps, provider `kbs`. Upstream has it for vaults; for envelopes it is this project's,
    /// with the data key under the resource `key_id` by AES-256-GCM and `iv` in the annotations.
    ///
    /// @param resources gets a resource or throws; what it gives is closed here, or handed on
    public static Unseal with(Function<ResourceUri, SecretBytes> resources) {
        return new Unseal(resources, Set.of("kbs"));
    }

    /// Likewise, for envelopes of these providers, in the same way.
    static Unseal with(Function<ResourceUri, SecretBytes> resources, Set<String> providers) {
        return new Unseal(resources, Set.copyOf(providers));
    }

    /// The secret; the caller closes it.
    ///
    /// @throws SealedSecretException if the text is no sealed secret, not signed by the key that it names, or stays
    ///     closed; what the function threw, if it did
    public SecretBytes open(String text) {
        SealedSecret secret = SealedSecret.parse(text);
        return switch (place(secret)) {
            case SecretPlace.Vault vault -> resources.apply(vault.name());
            case SecretPlace.Envelope envelope -> open(envelope);
        };
    }

    private SecretPlace place(SealedSecret secret) {
        try (SecretBytes key = resources.apply(secret.signer())) {
            byte[] jwk = key.reveal();
            try {
                return secret.place(jwk);
            } finally {
                Arrays.fill(jwk, (byte) 0);
            }
        }
    }

    private SecretBytes open(SecretPlace.Envelope envelope) {
        if (!providers.contains(envelope.provider())) {
            throw new SealedSecretException.Unsupported(
                    "another provider of envelopes (expected: " + String.join(", ", new TreeSet<>(providers)) + ")");
        }
        try (SecretBytes key = resources.apply(envelope.keyId());
                SecretBytes dataKey = envelope.wrappedKey().open(key)) {
            return envelope.data().open(dataKey);
        }
    }
}
