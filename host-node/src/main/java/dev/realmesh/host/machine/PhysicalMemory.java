// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The bytes of DRAM, off the heap and sparse: a chunk is there from the first write into it on, until then it reads as
/// zero. What Realms keep here is ciphertext; see [MemoryEncryption]. Accesses stay inside one granule.
final class PhysicalMemory implements AutoCloseable {
    private static final long CHUNK_SIZE = 2L << 20;

    private final MemoryRange range;
    private final Arena arena = Arena.ofShared();
    private final AtomicReferenceArray<@Nullable MemorySegment> chunks;

    PhysicalMemory(MemoryRange range) {
        this.range = range;
        this.chunks = new AtomicReferenceArray<>(Math.toIntExact((range.size() + CHUNK_SIZE - 1) / CHUNK_SIZE));
    }

    boolean has(PhysicalAddress address) {
        return range.contains(address);
    }

    void read(PhysicalAddress address, byte[] into, int offset, int length) {
        MemorySegment chunk = chunks.get(chunk(address));
        if (chunk == null) {
            Arrays.fill(into, offset, offset + length, (byte) 0);
        } else {
            MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, inChunk(address), into, offset, length);
        }
    }

    void write(PhysicalAddress address, byte[] from, int offset, int length) {
        MemorySegment.copy(from, offset, populated(address), ValueLayout.JAVA_BYTE, inChunk(address), length);
    }

    void zero(PhysicalAddress address, int length) {
        MemorySegment chunk = chunks.get(chunk(address));
        if (chunk != null) {
            chunk.asSlice(inChunk(address), length).fill((byte) 0);
        }
    }

    /// Writes out every chunk that is there, by ascending address.
    void dump(OutputStream into) throws IOException {
        byte[] bytes = new byte[(int) CHUNK_SIZE];
        for (int i = 0; i < chunks.length(); i++) {
            MemorySegment chunk = chunks.get(i);
            if (chunk != null) {
                MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
                into.write(bytes);
            }
        }
    }

    /// Bytes that are there.
    long populated() {
        return IntStream.range(0, chunks.length())
                        .filter(chunk -> chunks.get(chunk) != null)
                        .count()
                * CHUNK_SIZE;
    }

    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment populated(PhysicalAddress address) {
        MemorySegment chunk = chunks.get(chunk(address));
        return chunk == null ? populate(chunk(address)) : chunk;
    }

    private synchronized MemorySegment populate(int index) {
        MemorySegment chunk = chunks.get(index);
        if (chunk == null) {
            chunk = arena.allocate(CHUNK_SIZE, PhysicalAddress.GRANULE_SIZE);
            chunks.set(index, chunk);
        }
        return chunk;
    }

    private int chunk(PhysicalAddress address) {
        return (int) ((address.value() - range.base().value()) / CHUNK_SIZE);
    }

    private long inChunk(PhysicalAddress address) {
        return (address.value() - range.base().value()) % CHUNK_SIZE;
    }
}
