// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Bytes that are loaded into a Realm: a file, mapped and not copied to the heap, or an array. Read-only.
public final class Blob {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;

    private Blob(MemorySegment bytes) {
        this.bytes = bytes.asReadOnly();
    }

    /// No bytes: what a machine without an initrd loads.
    public static Blob empty() {
        return of(new byte[0]);
    }

    /// A copy of an array.
    public static Blob of(byte[] bytes) {
        return new Blob(MemorySegment.ofArray(bytes.clone()));
    }

    /// A file as it stands now; the mapping lives as long as this object.
    ///
    /// @throws UncheckedIOException if the file cannot be read
    public static Blob map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Blob(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    /// Length in bytes.
    public long size() {
        return bytes.byteSize();
    }

    /// Fills `page` with the bytes from `offset`, which may be negative; what lies outside this blob reads as zero.
    public void readPage(long offset, byte[] page) {
        long from = Math.max(offset, 0);
        long to = Math.min(offset + page.length, size());
        if (to - from < page.length) {
            Arrays.fill(page, (byte) 0);
        }
        if (to > from) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, page, (int) (from - offset), (int) (to - from));
        }
    }

    int u32(long offset) {
        return bytes.get(U32, offset);
    }

    long u64(long offset) {
        return bytes.get(U64, offset);
    }
}
