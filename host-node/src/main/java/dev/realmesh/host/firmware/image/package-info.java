// SPDX-License-Identifier: Apache-2.0

/// The images of the boot chain: which code is which component, and its measurement. Start at
/// [dev.realmesh.host.firmware.image.FirmwareImage].
@NullMarked
package dev.realmesh.host.firmware.image;

import org.jspecify.annotations.NullMarked;
