// SPDX-License-Identifier: Apache-2.0

/// The second boot stage. Start at [dev.realmesh.host.firmware.bl2.TrustedBootFirmware].
@NullMarked
package dev.realmesh.host.firmware.bl2;

import org.jspecify.annotations.NullMarked;
