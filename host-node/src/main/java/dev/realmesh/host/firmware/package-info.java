// SPDX-License-Identifier: Apache-2.0

/// The machine's firmware: the boot chain with measured boot, the secure monitor at EL3, and the platform's root of
/// trust. Start at [dev.realmesh.host.firmware.Platform]; who endorses platforms starts at
/// [dev.realmesh.host.firmware.PlatformEndorsement].
@NullMarked
package dev.realmesh.host.firmware;

import org.jspecify.annotations.NullMarked;
