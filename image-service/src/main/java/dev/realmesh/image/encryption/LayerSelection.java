// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.encryption;

import dev.realmesh.oci.OciException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which layers of an image are encrypted.
///
/// @param indexes 0 for the lowest layer, -1 for the topmost, as skopeo's `--encrypt-layer` has it; none for all layers
public record LayerSelection(List<Integer> indexes) {
    /// Every layer.
    public static final LayerSelection ALL = new LayerSelection(List.of());

    public LayerSelection {
        indexes = List.copyOf(indexes);
    }

    /// The layers of an image that has so many, counted from 0.
    ///
    /// @throws OciException.Unsupported if an index is of no layer
    SortedSet<Integer> of(int layers) {
        SortedSet<Integer> chosen = new TreeSet<>();
        for (int index : indexes) {
            if (index < -layers || index >= layers) {
                throw new OciException.Unsupported("layer to encrypt: " + index + " (expected: 0 to " + (layers - 1)
                        + ", or -" + layers + " to -1 from the end, as the image has " + layers + ")");
            }
            chosen.add(Math.floorMod(index, layers));
        }
        for (int i = 0; i < layers && indexes.isEmpty(); i++) {
            chosen.add(i);
        }
        return chosen;
    }
}
