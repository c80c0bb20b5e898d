// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

import java.time.Instant;
import java.util.UUID;

/// A policy in the store.
///
/// @param id its name for good
/// @param scheme what it is about, by the service's name for that
/// @param policy as it was put
/// @param version 1, 2, 3 … of its name
/// @param createdAt when it was put
/// @param active whether it is the one in force
public record StoredPolicy(UUID id, String scheme, PolicyText policy, int version, Instant createdAt, boolean active) {
    /// What its versions are called.
    public String name() {
        return policy.name();
    }
}
