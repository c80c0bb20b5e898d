// SPDX-License-Identifier: Apache-2.0

/// CoRIM and CoMID (draft-ietf-rats-corim) of the two Arm CCA profiles of 2025: trust anchors and reference values of
/// platforms, reference values of Realms; read, checked and written, unsigned and signed. Start at [Corim], or at
/// [SignedCorim] for what comes with a certificate chain.
@NullMarked
package dev.realmesh.cca.corim;

import org.jspecify.annotations.NullMarked;
