// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.realm.secret.SecretClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// The document with the Realm's logins, as key-broker has it: a pull asks for it often, so it is kept for a minute.
/// Thread-safe.
final class RegistryCredentials implements Supplier<byte[]> {
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final ResourceUri uri;
    private final SecretClient secrets;
    private final InstantSource clock;
    private byte[] document = new byte[0];
    private Instant goodUntil = Instant.MIN;

    RegistryCredentials(ResourceUri uri, SecretClient secrets, InstantSource clock) {
        this.uri = uri;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// @throws dev.realmesh.realm.attest.BrokerException if key-broker does not give it
    /// @throws dev.realmesh.realm.secret.SecretException if the answer is not the broker's
    @Override
    public synchronized byte[] get() {
        Instant now = clock.instant();
        if (!now.isBefore(goodUntil)) {
            try (SecretBytes secret = secrets.get(uri.path())) {
                document = secret.reveal();
            }
            goodUntil = now.plus(KEPT);
        }
        return document.clone();
    }
}
