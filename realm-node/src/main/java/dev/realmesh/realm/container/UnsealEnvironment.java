// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.sealed.SealedSecret;
import dev.realmesh.kbs.sealed.SealedSecretException;
import dev.realmesh.kbs.sealed.Unseal;
import dev.realmesh.realm.secret.SecretClient;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Replaces sealed secrets in a container's environment with what they stand for, as the agent of Confidential
/// Containers
/// does. Image and request may bring them: who sealed a secret is checked, not who brought it.
final class UnsealEnvironment {
    private final Unseal unseal;

    /// Unseals with what the broker keeps.
    ///
    /// @param secrets where keys and secrets come from
    UnsealEnvironment(SecretClient secrets) {
        this.unseal = Unseal.with(uri -> secrets.get(uri.path()));
    }

    /// The variables, of which no value is sealed any more.
    ///
    /// @param variables each `KEY=VALUE`
    /// @throws ContainerException.NotRunnable if a sealed value is refused, or holds what no variable can
    /// @throws dev.realmesh.realm.attest.BrokerException if the broker refuses a key or a secret
    /// @throws dev.realmesh.realm.secret.SecretException if the host answered in the broker's place
    List<String> unsealed(List<String> variables) {
        return variables.stream().map(this::unsealed).toList();
    }

    private String unsealed(String variable) {
        int value = variable.indexOf('=') + 1;
        if (value == 0 || !variable.startsWith(SealedSecret.PREFIX, value)) {
            return variable;
        }
        String name = variable.substring(0, value - 1);
        try (SecretBytes secret = unseal.open(variable.substring(value))) {
            return name + "=" + text(name, secret);
        } catch (SealedSecretException e) {
            throw new ContainerException.NotRunnable("environment variable " + name + ": " + e.getMessage());
        }
    }

    private static String text(String name, SecretBytes secret) {
        byte[] bytes = secret.reveal();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            throw noText(name);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        throw noText(name);
    }

    private static ContainerException.NotRunnable noText(String name) {
        return new ContainerException.NotRunnable(
                "environment variable " + name + ": sealed secret is no text (expected: UTF-8 without NUL)");
    }
}
