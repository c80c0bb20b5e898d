// SPDX-License-Identifier: Apache-2.0

/// Challenge-response sessions: a nonce is given out, evidence for it is appraised once. Start at
/// [dev.realmesh.attestation.session.Session], the states, and [dev.realmesh.attestation.session.Sessions], where they
/// are kept.
@NullMarked
package dev.realmesh.attestation.session;

import org.jspecify.annotations.NullMarked;
