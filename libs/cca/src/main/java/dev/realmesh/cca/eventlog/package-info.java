// SPDX-License-Identifier: Apache-2.0

/// Logs of events in the crypto-agile format of TCG (PC Client Platform Firmware Profile 1.06, chapter 10), with the
/// events by which a monitor tells how it built a Realm (`docs/measurement-log.md` of `realm-measurements`). The log is
/// not measured, so nothing in it is to be believed: who replays it and comes to the RIM and REMs of the evidence knows
/// what they were made of.
///
/// Start at [dev.realmesh.cca.eventlog.EventLog]; [dev.realmesh.cca.eventlog.EventLogReplay] is for verifiers.
@NullMarked
package dev.realmesh.cca.eventlog;

import org.jspecify.annotations.NullMarked;
