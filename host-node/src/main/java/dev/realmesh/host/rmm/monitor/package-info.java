// SPDX-License-Identifier: Apache-2.0

/// The services of EL3 that the RMM calls: the trust boundary between the monitor's firmware and the RMM. Start at
/// [dev.realmesh.host.rmm.monitor.SecureMonitor].
@NullMarked
package dev.realmesh.host.rmm.monitor;

import org.jspecify.annotations.NullMarked;
