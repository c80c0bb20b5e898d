// SPDX-License-Identifier: Apache-2.0

/// The boot ROM of the application processors. Start at [dev.realmesh.host.firmware.bl1.BootRom].
@NullMarked
package dev.realmesh.host.firmware.bl1;

import org.jspecify.annotations.NullMarked;
