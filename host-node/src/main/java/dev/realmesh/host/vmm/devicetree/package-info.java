// SPDX-License-Identifier: Apache-2.0

/// Flattened device trees, byte for byte. Start at [dev.realmesh.host.vmm.devicetree.FlatDeviceTree].
@NullMarked
package dev.realmesh.host.vmm.devicetree;

import org.jspecify.annotations.NullMarked;
