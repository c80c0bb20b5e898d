// SPDX-License-Identifier: Apache-2.0
/// The HTTP/2 edge of a node: what people and tools of the field call. Start at [dev.realmesh.mesh.edge.Edge].
@NullMarked
package dev.realmesh.mesh.edge;

import org.jspecify.annotations.NullMarked;
