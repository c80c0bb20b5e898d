// SPDX-License-Identifier: Apache-2.0

/// The broker as gRPC (`realmesh.keybroker.v1`), and attestation-service as the broker calls it. Messages become values
/// here
/// and errors become status codes ([dev.realmesh.keybroker.grpc.Statuses]); nothing is decided here.
@NullMarked
package dev.realmesh.keybroker.grpc;

import org.jspecify.annotations.NullMarked;
