// SPDX-License-Identifier: Apache-2.0

/// Appraisal as Confidential Containers' Trustee asks for it: evidence in JSON, bound to runtime data and initdata, and
/// an EAR that holds for some minutes. Start at [dev.realmesh.attestation.coco.EvaluateEvidence]; the verdict is that
/// of
/// [dev.realmesh.attestation.appraisal.AppraiseEvidence].
@NullMarked
package dev.realmesh.attestation.coco;

import org.jspecify.annotations.NullMarked;
