// SPDX-License-Identifier: Apache-2.0

/// Trust anchors and reference values: taken in as CoRIM, kept as the bytes that came, found by what they are about.
/// Start at [dev.realmesh.attestation.endorsement.Provisioning]; appraisal reads
/// [dev.realmesh.attestation.endorsement.EndorsementStore].
@NullMarked
package dev.realmesh.attestation.endorsement;

import org.jspecify.annotations.NullMarked;
