// SPDX-License-Identifier: Apache-2.0

/// What an image service counts. Start at [dev.realmesh.image.metrics.PulledMetrics].
@NullMarked
package dev.realmesh.image.metrics;

import org.jspecify.annotations.NullMarked;
