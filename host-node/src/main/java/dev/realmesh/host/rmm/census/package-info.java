// SPDX-License-Identifier: Apache-2.0

/// The emulator's debugging port: what the RMM knows, counted, for people who look at the machine. Real monitors have
/// nothing like it. It only reads, nothing that decides anything may use it, and it shows what the host and the Realms
/// see anyway: states, measurements and counts, never contents or registers. Start at
/// [dev.realmesh.host.rmm.census.Census].
@NullMarked
package dev.realmesh.host.rmm.census;

import org.jspecify.annotations.NullMarked;
