// SPDX-License-Identifier: Apache-2.0
/// Sessions over the Vert.x event bus, alone or clustered by Hazelcast. Start at [dev.realmesh.mesh.bus.Bus].
@NullMarked
package dev.realmesh.mesh.bus;

import org.jspecify.annotations.NullMarked;
