// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.image;

import dev.realmesh.oci.BulkInputStream;
import dev.realmesh.oci.registry.RegistryClientException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/// A blob on its way from a registry, whose failures are the image's.
final class RegistryBlob extends BulkInputStream {
    private final InputStream blob;
    private final Function<RegistryClientException, ImageException> failure;

    RegistryBlob(InputStream blob, Function<RegistryClientException, ImageException> failure) {
        this.blob = blob;
        this.failure = failure;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return blob.read(buffer, offset, length);
        } catch (RegistryClientException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public void close() throws IOException {
        blob.close();
    }
}
