// SPDX-License-Identifier: Apache-2.0

/// gRPC over the domain: messages to and from records, errors to status codes, no more. Start at
/// [dev.realmesh.attestation.grpc.AttestationGrpc] and [dev.realmesh.attestation.grpc.EndorsementGrpc].
@NullMarked
package dev.realmesh.attestation.grpc;

import org.jspecify.annotations.NullMarked;
