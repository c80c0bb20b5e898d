// SPDX-License-Identifier: Apache-2.0

/// Finds what a reference names: in the mesh's own registry, or in another one, whose blobs are kept. Start at
/// [dev.realmesh.image.delivery.Delivery].
@NullMarked
package dev.realmesh.image.delivery;

import org.jspecify.annotations.NullMarked;
