// SPDX-License-Identifier: Apache-2.0

/// The host's wire: its service, and its calls to the agents in Realms. Messages to domain types and back, no more.
///
/// Start at [dev.realmesh.host.grpc.HostGrpc] and [dev.realmesh.host.grpc.GuardedLink].
@NullMarked
package dev.realmesh.host.grpc;

import org.jspecify.annotations.NullMarked;
