// SPDX-License-Identifier: Apache-2.0

/// The verifier: evidence in, signed attestation result out. Start at
/// [dev.realmesh.attestation.appraisal.ArmCcaScheme], which does what Veraison's arm-cca scheme does, in its order;
/// [dev.realmesh.attestation.appraisal.EmbeddedAppraiser] signs that, and
/// [dev.realmesh.attestation.appraisal.AppraiseEvidence] is the whole call, storing included.
@NullMarked
package dev.realmesh.attestation.appraisal;

import org.jspecify.annotations.NullMarked;
