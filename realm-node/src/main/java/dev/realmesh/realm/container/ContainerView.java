// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.Optional;

/// What is to be seen of a container.
///
/// @param exitCode of its last run; none while it runs and where it could not be started
/// @param problem why it could not be started, or started again; empty if it could
/// @param streams what its first process is connected to
/// @param usage of its processes, while it runs
public record ContainerView(
        String name,
        String image,
        Container.State state,
        Optional<Integer> exitCode,
        int restarts,
        String problem,
        Streams streams,
        Optional<Usage> usage) {}
