// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

/// What was unpacked, and what could not be as the layers ask.
///
/// @param entries read from all layers
/// @param fileBytes written
/// @param skippedNodes devices and FIFOs left out
/// @param foreignOwners entries that stayed this process's own
public record UnpackReport(int entries, long fileBytes, int skippedNodes, int foreignOwners) {}
