// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the processes of a container may do, and how much they may use. Which system calls they may make is the same
/// for
/// all: [SeccompProfile].
///
/// @param capabilities of those who are root
/// @param limits of each process, each name once
public record Confinement(Capabilities capabilities, List<ResourceLimit> limits) {
    /// The usual capabilities, no limits but those of the Realm.
    public static final Confinement DEFAULT = new Confinement(Capabilities.DEFAULT, List.of());

    /// @throws ContainerException.BadRequest if a limit is there twice
    public Confinement {
        limits = List.copyOf(limits);
        Set<String> names = new HashSet<>();
        for (ResourceLimit limit : limits) {
            if (!names.add(limit.name())) {
                throw new ContainerException.BadRequest("limits: " + limit.name() + " twice (expected: once)");
            }
        }
    }
}
