// SPDX-License-Identifier: Apache-2.0

/// All services of the mesh in one process, for one machine: what `realmesh up` and the demo start. Start at
/// [dev.realmesh.cli.mesh.EmbeddedMesh].
@NullMarked
package dev.realmesh.cli.mesh;

import org.jspecify.annotations.NullMarked;
