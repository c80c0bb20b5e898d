// SPDX-License-Identifier: Apache-2.0

/// Veraison's REST API over the domain: discovery, challenge-response, endorsement provisioning and management of
/// policies, for the scheme of Arm CCA. Handlers read the request, call what gRPC calls, and render; start at
/// [dev.realmesh.attestation.rest.RestServer].
@NullMarked
package dev.realmesh.attestation.rest;

import org.jspecify.annotations.NullMarked;
