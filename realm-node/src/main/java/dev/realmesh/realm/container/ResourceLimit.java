// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.Set;

/// A limit of each process of a container, setrlimit(2).
///
/// @param name such as `nofile`
/// @param soft from which the kernel refuses
/// @param hard up to which the process may raise `soft`
public record ResourceLimit(String name, long soft, long hard) {
    private static final Set<String> NAMES = Set.of(
            "as",
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    /// @throws ContainerException.BadRequest if there is no such limit, or `soft` is over `hard`
    public ResourceLimit {
        if (!NAMES.contains(name)) {
            throw new ContainerException.BadRequest("limits: a name of " + name.length()
                    + " characters (expected: one of setrlimit's, such as nofile, nproc or as)");
        }
        if (soft < 0 || hard < soft) {
            throw new ContainerException.BadRequest(
                    "limits: " + name + "=" + soft + ":" + hard + " (expected: 0 to the hard limit)");
        }
    }
}
