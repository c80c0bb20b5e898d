// SPDX-License-Identifier: Apache-2.0

/// The handshake by which a Realm proves itself: Request, Challenge, Attestation, Response. Start at
/// [dev.realmesh.keybroker.rcar.Handshake]; the states of a session are [dev.realmesh.keybroker.rcar.RcarSession], kept
/// in
/// [dev.realmesh.keybroker.rcar.SessionStore].
@NullMarked
package dev.realmesh.keybroker.rcar;

import org.jspecify.annotations.NullMarked;
