// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

/// An image that the firmware of a Realm measures: by RSI_MEASUREMENT_EXTEND with its hash by the Realm's algorithm.
///
/// @param register which REM, from 0
/// @param name what it is, for people
/// @param image its bytes
public record RemExtension(int register, String name, Blob image) {}
