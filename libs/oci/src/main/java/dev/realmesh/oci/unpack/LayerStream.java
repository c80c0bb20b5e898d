// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import com.github.luben.zstd.ZstdInputStream;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.VerifyingInputStream;
import dev.realmesh.oci.crypt.LayerDecryption;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/// A layer on its way from stored bytes to tar archive: digest and size of what is stored, decryption with HMAC and
/// plain digest, decompression
/// within limits, diff id of the archive. Each stage checks at its end, so [#verify] reads every one to the end.
final class LayerStream implements AutoCloseable {
    private final VerifyingInputStream stored;
    private final InputStream plain;
    private final InputStream archive;

    private LayerStream(VerifyingInputStream stored, InputStream plain, InputStream archive) {
        this.stored = stored;
        this.plain = plain;
        this.archive = archive;
    }

    /// Takes over `source`: it is closed with this, or at once if the layer is refused.
    static LayerStream open(
            Descriptor layer, OciDigest diffId, InputStream source, LayerDecryption decryption, UnpackBudget budget)
            throws IOException {
        VerifyingInputStream stored = VerifyingInputStream.of(layer, source);
        try {
            InputStream plain = decryption.decrypt(layer, stored);
            InputStream expanded = new BoundedExpansion(decompress(layer, plain), stored, budget);
            return new LayerStream(
                    stored, plain, VerifyingInputStream.of("tar archive of layer " + layer.digest(), diffId, expanded));
        } catch (OciException e) {
            stored.close();
            throw e;
        }
    }

    InputStream archive() {
        return archive;
    }

    /// Reads all stages to their end, where they refuse what is not right.
    void verify() throws IOException {
        drain(archive);
        drain(plain);
        drain(stored);
    }

    /// After a refusal further up: finds out whether the stored bytes were changed, which is then the reason.
    void verifySource(OciException consequence) throws IOException {
        try {
            drain(plain);
            drain(stored);
        } catch (OciException reason) {
            reason.addSuppressed(consequence);
            throw reason;
        }
    }

    @Override
    public void close() throws IOException {
        stored.close();
    }

    /// Decoders read their header here already.
    private static InputStream decompress(Descriptor layer, InputStream plain) {
        try {
            return switch (LayerFormat.of(layer.mediaType()).compression()) {
                case NONE -> plain;
                case GZIP ->
                    GzipCompressorInputStream.builder()
                            .setInputStream(plain)
                            .setDecompressConcatenated(true)
                            .get();
                case ZSTD -> new ZstdInputStream(plain);
            };
        } catch (IOException e) {
            throw new OciException.Malformed(
                    "layer " + layer.digest() + ": cannot be decompressed, " + e.getMessage(), e);
        }
    }

    private static void drain(InputStream stream) throws IOException {
        byte[] buffer = new byte[16 << 10];
        int read = stream.read(buffer);
        while (read >= 0) {
            read = stream.read(buffer);
        }
    }
}
