// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RttGeometry;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.stream.Gatherers;
import java.util.stream.LongStream;

/// The digests of the pages of something that is loaded: computed on all processors, told one after the other.
final class PageDigests {
    private static final int PAGES_PER_CHUNK = 128;
    private static final int PAGE = (int) RttGeometry.PAGE;

    private final HashAlgorithm algorithm;
    private final PageSource content;
    private final long firstOffset;
    private final long pages;

    /// Takes a digest.
    interface Consumer {
        /// @param page number of the page
        /// @param digests digests of some pages
        /// @param offset where in `digests` that of this page begins
        void accept(long page, byte[] digests, int offset);
    }

    /// @param address where the first byte of `content` is loaded; what lies before it in its page is zero
    PageDigests(HashAlgorithm algorithm, PageSource content, long address) {
        this.algorithm = algorithm;
        this.content = content;
        this.firstOffset = -(address % PAGE);
        this.pages = Math.ceilDiv(content.size() - firstOffset, PAGE);
    }

    /// Tells all digests in the order of the pages, on the thread that asks.
    void forEach(Consumer consumer) {
        long chunks = Math.ceilDiv(pages, PAGES_PER_CHUNK);
        LongStream.range(0, chunks)
                .boxed()
                .gather(Gatherers.mapConcurrent(Runtime.getRuntime().availableProcessors(), this::chunk))
                .forEachOrdered(chunk -> chunk.tell(consumer));
    }

    private record Chunk(long firstPage, byte[] digests, int digestSize) {
        void tell(Consumer consumer) {
            for (int at = 0; at < digests.length; at += digestSize) {
                consumer.accept(firstPage + at / digestSize, digests, at);
            }
        }
    }

    private Chunk chunk(long number) {
        long firstPage = number * PAGES_PER_CHUNK;
        int count = (int) Math.min(PAGES_PER_CHUNK, pages - firstPage);
        int size = algorithm.digestSize();
        MessageDigest hash = RealmInitialMeasurement.hash(algorithm);
        byte[] page = new byte[PAGE];
        byte[] digests = new byte[count * size];
        try {
            for (int i = 0; i < count; i++) {
                content.readPage(firstOffset + (firstPage + i) * PAGE, page);
                hash.update(page);
                hash.digest(digests, i * size, size);
            }
        } catch (DigestException e) {
            throw new IllegalStateException("room for a digest is too small", e);
        }
        return new Chunk(firstPage, digests, size);
    }
}
