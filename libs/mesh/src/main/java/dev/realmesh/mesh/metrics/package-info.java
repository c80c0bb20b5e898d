// SPDX-License-Identifier: Apache-2.0

/// What a node counts, and how Prometheus reads it. Start at [dev.realmesh.mesh.metrics.Metrics].
@NullMarked
package dev.realmesh.mesh.metrics;

import org.jspecify.annotations.NullMarked;
