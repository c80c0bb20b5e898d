// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import dev.realmesh.cca.Bytes;
import java.util.List;

/// What came with evidence of what its Realm had run, and replays to its registers.
///
/// @param events the event log (AAEL); empty if none came
/// @param images the images in it, in the order of their first starts; at most [#MOST_IMAGES]
public record RuntimeLog(Bytes events, List<MeasuredImage> images) {
    /// How many images are told of a Realm.
    public static final int MOST_IMAGES = 64;

    /// None came.
    public static final RuntimeLog NONE = new RuntimeLog(Bytes.EMPTY, List.of());

    public RuntimeLog {
        images = List.copyOf(images);
    }
}
