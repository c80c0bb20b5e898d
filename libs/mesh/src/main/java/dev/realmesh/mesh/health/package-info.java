// SPDX-License-Identifier: Apache-2.0
/// What services cannot do without, asked for again and again, and how gRPC health tells of it. Start at
/// [dev.realmesh.mesh.health.HealthCheck].
@NullMarked
package dev.realmesh.mesh.health;

import org.jspecify.annotations.NullMarked;
