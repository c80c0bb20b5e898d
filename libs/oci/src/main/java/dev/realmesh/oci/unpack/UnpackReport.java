// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What was unpacked, and what could not be as the layers ask.
///
/// @param entries read from all layers
/// @param fileBytes written
/// @param skippedNodes devices left out, and FIFOs that could not be made
/// @param skippedAttributes extended attributes left out, or refused by the file system
/// @param foreignOwners entries that stayed this process's own
public record UnpackReport(int entries, long fileBytes, int skippedNodes, int skippedAttributes, int foreignOwners) {
    /// What could not be as the layers ask, in words; empty if there is nothing.
    public String shortfall() {
        return Stream.of(
                        count(skippedNodes, "devices or FIFOs"),
                        count(skippedAttributes, "extended attributes"),
                        count(foreignOwners, "owners"))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String count(int number, String what) {
        return number == 0 ? "" : number + " " + what;
    }
}
