// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

/// What was unpacked, and what could not be as the layers ask.
///
/// @param entries read from all layers
/// @param fileBytes written
/// @param skippedNodes devices left out, and FIFOs that could not be made
/// @param skippedAttributes extended attributes left out, or refused by the file system
/// @param foreignOwners entries that stayed this process's own
public record UnpackReport(int entries, long fileBytes, int skippedNodes, int skippedAttributes, int foreignOwners) {}
