// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.storage;

import dev.realmesh.mesh.config.Default;
import java.nio.file.Path;

/// The PostgreSQL, 14 or newer, that the instances of a service share; section `database` of the service. Each service
/// has a database of its own.
///
/// @param url where it is, `jdbc:postgresql://HOST[:PORT]/DATABASE`, with pgjdbc's parameters such as
///     `?sslmode=verify-full&sslrootcert=ca.pem`; `url`, required
/// @param user role that owns the service's tables; `user`, required
/// @param passwordFile file with its password; `password-file`, required
/// @param poolSize how many connections an instance holds, 2 to 100; `pool-size`, default 8
public record PostgresqlConfig(
        String url,
        String user,
        Path passwordFile,
        @Default("8") int poolSize) {
    private static final String SCHEME = "jdbc:postgresql://";

    public PostgresqlConfig {
        if (!url.startsWith(SCHEME) || url.contains("password=")) {
            throw new IllegalArgumentException(
                    "url: another one (expected: " + SCHEME + "HOST[:PORT]/DATABASE, without a password)");
        }
        if (poolSize < 2 || poolSize > 100) {
            throw new IllegalArgumentException("pool-size: " + poolSize + " (expected: 2-100)");
        }
    }
}
