// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import com.github.luben.zstd.ZstdInputStream;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.LayerFormat;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.VerifyingInputStream;
import dev.realmesh.oci.crypt.LayerDecryption;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/// A layer on its way from stored bytes to tar archive, in three stages that work at the same time: digest and size of
/// what is stored, decryption with HMAC and plain digest; decompression within limits; diff id of the archive. Each
/// checks at its end, so [#verify] reads every one to the end.
///
/// The first stage starts when this is opened, so that the layers after the one that is being applied are on their way;
/// the second when the [#archive] is asked for.
final class LayerStream implements Closeable {
    private static final int PLAIN_BYTES_AHEAD = 8 << 20;
    private static final int ARCHIVE_BYTES_AHEAD = 2 << 20;

    private final Descriptor layer;
    private final OciDigest diffId;
    private final UnpackBudget budget;
    private final ReadAhead plain;
    private Optional<ReadAhead> expanded = Optional.empty();

    private LayerStream(Descriptor layer, OciDigest diffId, UnpackBudget budget, ReadAhead plain) {
        this.layer = layer;
        this.diffId = diffId;
        this.budget = budget;
        this.plain = plain;
    }

    /// Takes over `source`: it is closed with this, or at once if the layer is refused.
    static LayerStream open(
            Descriptor layer, OciDigest diffId, InputStream source, LayerDecryption decryption, UnpackBudget budget)
            throws IOException {
        VerifyingInputStream stored = VerifyingInputStream.of(layer, source);
        try {
            ReadAhead plain = ReadAhead.of(decryption.decrypt(layer, stored), PLAIN_BYTES_AHEAD);
            return new LayerStream(layer, diffId, budget, plain);
        } catch (OciException e) {
            stored.close();
            throw e;
        }
    }

    /// The tar archive; to be asked for once, when the layers below were read.
    InputStream archive() {
        ReadAhead ahead =
                ReadAhead.of(new BoundedExpansion(decompress(layer, plain), plain, budget), ARCHIVE_BYTES_AHEAD);
        expanded = Optional.of(ahead);
        return VerifyingInputStream.of("tar archive of layer " + layer.digest(), diffId, ahead);
    }

    /// Reads all stages to their end, where they refuse what is not right.
    ///
    /// @param archive as [#archive] gave it
    void verify(InputStream archive) throws IOException {
        drain(archive);
        drain(plain);
    }

    /// After a refusal further up: finds out whether the stored bytes were changed, which is then the reason.
    void verifySource(OciException consequence) throws IOException {
        expanded.ifPresent(ReadAhead::stop);
        try {
            drain(plain);
        } catch (OciException reason) {
            if (reason != consequence) {
                reason.addSuppressed(consequence);
            }
            throw reason;
        }
    }

    @Override
    public void close() throws IOException {
        if (expanded.isPresent()) {
            expanded.get().close();
        }
        plain.close();
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
