// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.appraisal;

import dev.realmesh.cca.ear.Ear;

/// An attestation result.
///
/// @param ear what it says
/// @param jwt the same, signed by the verifier
public record Appraisal(Ear ear, String jwt) {}
