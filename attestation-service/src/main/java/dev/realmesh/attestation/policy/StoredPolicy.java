// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import java.time.Instant;
import java.util.UUID;

/// A policy in the store.
///
/// @param id its name in results
/// @param scheme whose evidence it is about
/// @param policy as it was put
/// @param version 1, 2, 3 … of its name
/// @param createdAt when it was put
/// @param active whether it is the one in force
public record StoredPolicy(
        UUID id, PolicyScheme scheme, PolicyText policy, int version, Instant createdAt, boolean active) {
    /// What its versions are called.
    public String name() {
        return policy.name();
    }
}
