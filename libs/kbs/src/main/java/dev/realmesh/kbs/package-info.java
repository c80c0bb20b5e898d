// SPDX-License-Identifier: Apache-2.0

/// The protocol between a Realm and a key broker (KBS protocol 0.4.0 of Confidential Containers), as values: what both
/// sides compute, seal, sign and check. No I/O, no session state, no transport. The guest runs this code, so it leans
/// on
/// little: JCA, Nimbus for JOSE, Jackson for JSON and TOML.
///
/// Start at [dev.realmesh.kbs.RuntimeData] (what binds evidence to a session), then [dev.realmesh.kbs.KbsJwe] (a
/// released secret), [dev.realmesh.kbs.ReleaseStatement] (how a Realm knows that its broker answered) and
/// [dev.realmesh.kbs.Initdata] (what the Realm's owner pinned at launch).
@NullMarked
package dev.realmesh.kbs;

import org.jspecify.annotations.NullMarked;
