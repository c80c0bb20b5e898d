// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;

/// What a processor of a Realm is made of.
///
/// @param realm the Realm's descriptor
/// @param mpidr the processor's affinity
/// @param memory the Realm's memory
/// @param devices devices that the host attached to the Realm
public record ProcessorContext(PhysicalAddress realm, long mpidr, RealmMemory memory, RealmDevices devices) {}
