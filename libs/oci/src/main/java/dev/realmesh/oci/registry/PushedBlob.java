// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.Descriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/// A blob that is pushed while it is written, for its digest is known at its end only. Its beginning is kept in memory
/// until the registry has taken it: a blob that is no longer is sent whole, and a registry that takes no stream gets
/// chunks.
final class PushedBlob extends OutputStream {
    /// What is kept, and the size of a chunk: no registry of the field asks for chunks of more.
    static final int CHUNK_BYTES = 16 << 20;

    private static final int FIRST_BYTES = 64 << 10;

    private final RegistryHttp http;
    private final RemoteRepository repository;
    private Optional<UploadWay> way = Optional.empty();
    private byte[] kept = new byte[FIRST_BYTES];
    private int filled;

    PushedBlob(RegistryHttp http, RemoteRepository repository) {
        this.http = http;
        this.repository = repository;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /// @throws RegistryClientException if the registry does not take it
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int first = way.isPresent() ? 0 : Math.min(length, CHUNK_BYTES - filled);
        keep(bytes, offset, first);
        if (first < length) {
            if (way.isEmpty()) {
                way = Optional.of(chosen());
            }
            way.get().write(bytes, offset + first, length - first);
        }
    }

    /// All of it, if it is so small that nothing was sent.
    Optional<byte[]> whole() {
        return way.isPresent() ? Optional.empty() : Optional.of(Arrays.copyOf(kept, filled));
    }

    /// Ends what was sent.
    void end(Descriptor blob) throws IOException {
        way.orElseThrow().end().end(blob);
    }

    /// Gives up what was sent.
    void giveUp(Throwable reason) {
        way.ifPresent(begun -> begun.stop().giveUp(reason));
    }

    private void keep(byte[] bytes, int offset, int length) {
        if (filled + length > kept.length) {
            int doubled = Math.max(kept.length * 2, filled + length);
            kept = Arrays.copyOf(kept, Math.min(doubled, CHUNK_BYTES));
        }
        System.arraycopy(bytes, offset, kept, filled, length);
        filled += length;
    }

    private UploadWay chosen() throws IOException {
        byte[] beginning = kept;
        kept = new byte[0];
        UploadWay stream = StreamedPatch.begin(http, UploadPlace.begin(http, repository));
        try {
            stream.write(beginning, 0, beginning.length);
            return stream;
        } catch (RegistryClientException noStream) {
            stream.stop().giveUp(noStream);
            return new ChunkedPatches(http, UploadPlace.begin(http, repository), beginning);
        }
    }
}
