// SPDX-License-Identifier: Apache-2.0

/// Finds what a reference names: in the mesh's own registry, or by way of it in another one that asks for no login.
/// Start at [dev.realmesh.image.delivery.Delivery].
@NullMarked
package dev.realmesh.image.delivery;

import org.jspecify.annotations.NullMarked;
