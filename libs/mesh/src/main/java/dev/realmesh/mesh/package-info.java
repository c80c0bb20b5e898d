// SPDX-License-Identifier: Apache-2.0
/// A node of the mesh: gRPC over the clustered event bus, an HTTP/2 edge, health, graceful end. Start at
/// [dev.realmesh.mesh.MeshNode].
@NullMarked
package dev.realmesh.mesh;

import org.jspecify.annotations.NullMarked;
