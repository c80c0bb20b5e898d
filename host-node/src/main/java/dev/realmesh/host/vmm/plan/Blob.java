// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.measurement.PageSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// Bytes that are loaded into a Realm: a file, mapped and not copied to the heap, or an array. Read-only.
public final class Blob implements PageSource {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int BUFFER_BYTES = 1 << 16;
    private static final short GZIP_MAGIC = (short) 0x8b1f;

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

    @Override
    public long size() {
        return bytes.byteSize();
    }

    @Override
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

    /// These bytes, followed by zero bytes up to `size`.
    public Blob padTo(int size) {
        return new Blob(MemorySegment.ofArray(Arrays.copyOf(toByteArray(), size)));
    }

    /// A copy of all bytes, of which there are less than 2 GiB.
    public byte[] toByteArray() {
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    /// The digest of all bytes.
    public Digest digest(HashAlgorithm algorithm) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm.jcaName());
            byte[] buffer = new byte[BUFFER_BYTES];
            for (long at = 0; at < size(); at += BUFFER_BYTES) {
                int length = (int) Math.min(BUFFER_BYTES, size() - at);
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, buffer, 0, length);
                digest.update(buffer, 0, length);
            }
            return Digest.copyOf(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    /// Whether they begin as gzip (RFC 1952) does.
    boolean isGzip() {
        return size() >= Short.BYTES && bytes.get(U16, 0) == GZIP_MAGIC;
    }

    /// What they were before gzip; nothing if they are no gzip, or were more than `limit` bytes.
    Optional<Blob> gunzip(int limit) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(toByteArray()))) {
            byte[] unpacked = in.readNBytes(limit + 1);
            return unpacked.length > limit ? Optional.empty() : Optional.of(new Blob(MemorySegment.ofArray(unpacked)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    int u32(long offset) {
        return bytes.get(U32, offset);
    }

    long u64(long offset) {
        return bytes.get(U64, offset);
    }
}
