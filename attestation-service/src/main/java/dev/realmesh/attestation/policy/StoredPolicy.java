// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.policy;

import java.time.Instant;
import java.util.UUID;

/// A policy in the store.
///
/// @param id its name in results
/// @param name what its versions are called
/// @param version 1, 2, 3 … of that name
/// @param createdAt when it was put
/// @param document as it was put
/// @param active whether it is the one in force
public record StoredPolicy(UUID id, String name, int version, Instant createdAt, String document, boolean active) {}
