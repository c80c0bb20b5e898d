// SPDX-License-Identifier: Apache-2.0

/// The gRPC face of the image service. Start at [dev.realmesh.image.grpc.ImageGrpc].
@NullMarked
package dev.realmesh.image.grpc;

import org.jspecify.annotations.NullMarked;
