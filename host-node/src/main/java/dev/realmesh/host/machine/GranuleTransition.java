// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

/// What became of a move of a granule from one physical address space to another.
public enum GranuleTransition {
    /// The granule is in the other space.
    DONE,
    /// No DRAM is at the address.
    BAD_ADDRESS,
    /// The granule was in a third space, or in the other already.
    BAD_SPACE
}
