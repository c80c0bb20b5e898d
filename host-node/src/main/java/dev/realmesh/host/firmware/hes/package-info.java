// SPDX-License-Identifier: Apache-2.0

/// The hardware enforced security of the platform (HES): the root of trust that keeps measurements and keys. Start at
/// [dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity].
@NullMarked
package dev.realmesh.host.firmware.hes;

import org.jspecify.annotations.NullMarked;
