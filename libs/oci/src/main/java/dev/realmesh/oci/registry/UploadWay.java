// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import java.io.IOException;

/// How content whose end is not known yet gets into an upload.
sealed interface UploadWay permits StreamedPatch, ChunkedPatches {
    /// Takes the next bytes.
    ///
    /// @throws RegistryClientException if the registry does not
    void write(byte[] bytes, int offset, int length) throws IOException;

    /// Sends what is left.
    ///
    /// @return where the upload is to be ended
    /// @throws RegistryClientException if the registry has not taken all of it
    UploadPlace end() throws IOException;

    /// Stops in the middle.
    ///
    /// @return where the upload is to be given up
    UploadPlace stop();
}
