// SPDX-License-Identifier: Apache-2.0
/// Calls passed on from one transport to another: edge to bus, guest to bus, bus to guest. Start at
/// [dev.realmesh.mesh.forward.Forwarding].
@NullMarked
package dev.realmesh.mesh.forward;

import org.jspecify.annotations.NullMarked;
