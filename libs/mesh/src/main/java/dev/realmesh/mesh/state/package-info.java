// SPDX-License-Identifier: Apache-2.0
/// The files that a service makes at its first start and only it may read. Start at
/// [dev.realmesh.mesh.state.StateFolder].
@NullMarked
package dev.realmesh.mesh.state;

import org.jspecify.annotations.NullMarked;
