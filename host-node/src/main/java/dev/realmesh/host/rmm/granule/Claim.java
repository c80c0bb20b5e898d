// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.granule;

/// A granule that a command names, and the state that it expects there.
///
/// @param granule the granule
/// @param expected the state that it must be in
public record Claim(Granule granule, GranuleState expected) {}
