// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.Descriptor;

/// Is told how far layers have come, on the threads that read them: each layer's first and last bytes, and in between
/// no
/// more than a few times a second.
@FunctionalInterface
public interface PullProgress {
    /// Says nothing.
    PullProgress NONE = (layer, bytes) -> {};

    /// Called when more of a layer has come.
    ///
    /// @param bytes of it that came, as it is stored
    void layer(Descriptor layer, long bytes);
}
