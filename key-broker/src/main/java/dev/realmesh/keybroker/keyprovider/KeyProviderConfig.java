// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.keyprovider;

import dev.realmesh.mesh.config.Default;
import dev.realmesh.mesh.edge.EdgeConfig;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where layer keys are wrapped for whoever asks, and how much of that there may be; section `key-broker.key-provider`.
/// ocicrypt's clients show no credentials, so what reaches the address may all of it.
///
/// @param host address to listen on; `host`, default 127.0.0.1
/// @param port port to listen on, 0 for any free one; `port`, default 50000
/// @param tls certificate; `tls`, absent: plain HTTP/2, on loopback only
/// @param prefix what the paths of its keys begin with, `repository/type/` and more; `prefix`, default
///     default/image-kek/
/// @param maxKeys how many secrets there may be under the prefix for it to make one more, 1 to 1,000,000; `max-keys`,
///     default 10000
/// @param wrapsPerMinute how many layer keys are wrapped in a minute, 1 to 60,000; `wraps-per-minute`, default 600
public record KeyProviderConfig(
        @Default("127.0.0.1") String host,
        @Default("50000") int port,
        Optional<EdgeConfig.Tls> tls,
        @Default("default/image-kek/") String prefix,
        @Default("10000") int maxKeys,
        @Default("600") int wrapsPerMinute) {
    private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}";
    private static final Pattern PREFIX = Pattern.compile(NAME + "/" + NAME + "/[A-Za-z0-9_.-]{0,64}");

    public KeyProviderConfig {
        EdgeConfig.requireAddress(host, port, tls);
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "prefix: " + prefix + " (expected: repository/type/, as in kbs:/// paths)");
        }
        if (maxKeys < 1 || maxKeys > 1_000_000) {
            throw new IllegalArgumentException("max-keys: " + maxKeys + " (expected: 1-1000000)");
        }
        if (wrapsPerMinute < 1 || wrapsPerMinute > 60_000) {
            throw new IllegalArgumentException("wraps-per-minute: " + wrapsPerMinute + " (expected: 1-60000)");
        }
    }

    /// On loopback, with the defaults.
    ///
    /// @param port port to listen on, 0 for any free one
    public static KeyProviderConfig loopback(int port) {
        return new KeyProviderConfig("127.0.0.1", port, Optional.empty(), "default/image-kek/", 10_000, 600);
    }
}
