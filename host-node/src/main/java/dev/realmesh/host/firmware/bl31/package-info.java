// SPDX-License-Identifier: Apache-2.0

/// The secure monitor at EL3. Start at [dev.realmesh.host.firmware.bl31.MonitorServices].
@NullMarked
package dev.realmesh.host.firmware.bl31;

import org.jspecify.annotations.NullMarked;
