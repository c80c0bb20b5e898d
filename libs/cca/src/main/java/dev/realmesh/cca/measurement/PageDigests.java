// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RttGeometry;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
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
        /// Takes the digest of the page with this number.
        void accept(long page, byte[] digest);
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

    private record Chunk(long firstPage, List<byte[]> digests) {
        void tell(Consumer consumer) {
            for (int i = 0; i < digests.size(); i++) {
                consumer.accept(firstPage + i, digests.get(i));
            }
        }
    }

    private Chunk chunk(long number) {
        long firstPage = number * PAGES_PER_CHUNK;
        int count = (int) Math.min(PAGES_PER_CHUNK, pages - firstPage);
        MessageDigest hash = RealmInitialMeasurement.hash(algorithm);
        byte[] page = new byte[PAGE];
        List<byte[]> digests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            content.readPage(firstOffset + (firstPage + i) * PAGE, page);
            digests.add(hash.digest(page));
        }
        return new Chunk(firstPage, digests);
    }
}
