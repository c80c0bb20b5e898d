// SPDX-License-Identifier: Apache-2.0

/// The image service: keeps images as they were pushed, encrypted ones encrypted, and gives them out by gRPC and by the
/// OCI distribution API. It is trusted with availability only. Start at [dev.realmesh.image.ImageService].
@NullMarked
package dev.realmesh.image;

import org.jspecify.annotations.NullMarked;
