// SPDX-License-Identifier: Apache-2.0

/// What the RMM knows of each granule of DRAM that the host may delegate: its state, who depends on it,
/// and a lock on it. Start at
/// [dev.realmesh.host.rmm.granule.GranuleTable].
///
/// Locks: a command takes the locks of all granules that the host names in ascending address order, and only with the
/// state that it expects. Under the lock of a Realm's descriptor it may take that of a granule which belongs to the
/// Realm; whoever else waits for such a granule expects another state, finds it wrong and lets go.
@NullMarked
package dev.realmesh.host.rmm.granule;

import org.jspecify.annotations.NullMarked;
