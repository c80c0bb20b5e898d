// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.RttEntryState;
import dev.realmesh.cca.abi.RttGeometry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pages that the host gives to one Realm. Where it fills a table of them from its begin on, their granules follow
/// each other, and when the table is full, it becomes a block. What is mapped only the RMM knows; here is one object
/// for each 2 MiB with pages in it. Not thread-safe.
final class RealmPages {
    private static final Logger LOG = LoggerFactory.getLogger(RealmPages.class);
    private static final long PAGE = RttGeometry.PAGE;
    private static final long BLOCK = RttGeometry.entrySize(RealmTables.LAST_LEVEL - 1);

    private final Rmi rmi;
    private final RealmGranules granules;
    private final PhysicalAddress descriptor;
    private final RealmTables tables;
    private final Map<Long, Block> blocks = new HashMap<>();

    /// 2 MiB of the Realm's memory.
    private static final class Block {
        /// The granule of the first page, if the others are to follow it.
        private @Nullable PhysicalAddress start;

        private int pages;
    }

    RealmPages(Rmi rmi, RealmGranules granules, PhysicalAddress descriptor, RealmTables tables) {
        this.rmi = rmi;
        this.granules = granules;
        this.descriptor = descriptor;
        this.tables = tables;
    }

    /// Maps a page by DATA_CREATE or DATA_CREATE_UNKNOWN, with `rest` as arguments after the IPA.
    ///
    /// @throws VmmException if it is refused, or there is no granule
    void create(RmiCommand command, long ipa, long... rest) {
        Block block = blocks.computeIfAbsent(ipa / BLOCK, number -> new Block());
        PhysicalAddress granule = take(block, ipa);
        long[] arguments = new long[3 + rest.length];
        arguments[0] = descriptor.value();
        arguments[1] = granule.value();
        arguments[2] = ipa;
        System.arraycopy(rest, 0, arguments, 3, rest.length);
        RmiStatus status =
                tables.whileMissing(ipa, () -> rmi.call(command, arguments)).status();
        if (!status.isSuccess()) {
            throw new VmmException.Refused(command, status);
        }
        block.pages++;
        // All pages of a full table are assigned. RTT_INIT_RIPAS passes over none of them, whether they are a table or
        // a block, so that the RIM stays what it is.
        if (block.pages == GranulePool.RUN) {
            tables.fold(ipa & -BLOCK);
        }
    }

    private PhysicalAddress take(Block block, long ipa) {
        long offset = ipa % BLOCK;
        if (offset == 0) {
            block.start = granules.takeDelegatedStartOfRun();
            return block.start;
        }
        return block.start == null ? granules.takeDelegated() : granules.takeDelegated(block.start.plus(offset));
    }

    /// Whether a page is there.
    boolean has(long ipa) {
        RmiResult entry = rmi.require(RmiCommand.RTT_READ_ENTRY, descriptor.value(), ipa, RealmTables.LAST_LEVEL);
        return entry.x2() == RttEntryState.ASSIGNED.number();
    }

    /// Takes all pages of a range back from the Realm. Goes on after a refusal, which only a broken host or RMM can
    /// cause.
    void destroy(long base, long top) {
        for (long at = base; at < top; ) {
            RmiResult result = rmi.call(RmiCommand.DATA_DESTROY, descriptor.value(), at);
            RmiStatus status = result.status();
            boolean walked = status.code() == RmiStatus.Code.ERROR_RTT;
            if (status.isSuccess()) {
                forget(at);
                tables.takeBack(new PhysicalAddress(result.x1()));
                at = result.x2();
            } else if (walked && result.x2() > at) {
                at = result.x2();
            } else if (!walked || !tables.unfold(at, status.index() + 1)) {
                LOG.error("Realm {}: DATA_DESTROY of 0x{}: {}", descriptor, Long.toHexString(at), status);
                at += PAGE;
            }
        }
    }

    private void forget(long ipa) {
        blocks.computeIfPresent(ipa / BLOCK, (number, block) -> --block.pages == 0 ? null : block);
    }
}
