// SPDX-License-Identifier: Apache-2.0

/// The mesh's own registry: blobs by digest in a folder, manifests and tags by repository. What is not whole and
/// checked
/// is not there. Knows nothing of HTTP. Start at [dev.realmesh.image.registry.Registry].
@NullMarked
package dev.realmesh.image.registry;

import org.jspecify.annotations.NullMarked;
