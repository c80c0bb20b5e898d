// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.RttGeometry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The translation tables of one Realm as KVM drives them. They are made where a command says that the walk ended too
/// early, never more of them than needed, since their depth counts in the RIM. Which there are only the RMM knows.
final class RealmTables {
    private static final Logger LOG = LoggerFactory.getLogger(RealmTables.class);
    static final int LAST_LEVEL = 3;

    private final Rmi rmi;
    private final RealmGranules granules;
    private final PhysicalAddress descriptor;
    private final RttGeometry geometry;

    /// A delegated granule that is there as long as a block is, so that taking blocks apart needs no free memory.
    private @Nullable PhysicalAddress spare;

    RealmTables(Rmi rmi, RealmGranules granules, PhysicalAddress descriptor, RttGeometry geometry) {
        this.rmi = rmi;
        this.granules = granules;
        this.descriptor = descriptor;
        this.geometry = geometry;
    }

    /// Gives a command that needs a translation for `ipa`, and makes the next table as often as the command misses one;
    /// a block where one is missing becomes a table that says the same. Returns what it answered at last.
    RmiResult whileMissing(long ipa, Supplier<RmiResult> attempt) {
        RmiResult result = attempt.get();
        for (int tries = 0; missesTable(result.status()) && tries < LAST_LEVEL; tries++) {
            int level = result.status().index() + 1;
            rmi.require(RmiCommand.RTT_CREATE, createArguments(granules.takeDelegated(), ipa, level));
            result = attempt.get();
        }
        return result;
    }

    private static boolean missesTable(RmiStatus status) {
        return status.code() == RmiStatus.Code.ERROR_RTT && status.index() < LAST_LEVEL;
    }

    private long[] createArguments(PhysicalAddress granule, long ipa, int level) {
        long base = ipa & -RttGeometry.entrySize(level - 1);
        return new long[] {descriptor.value(), granule.value(), base, level};
    }

    /// Makes a block of the table of pages that begins at `ipa`, if its pages let the RMM do so.
    void fold(long ipa) {
        RmiResult result = rmi.call(RmiCommand.RTT_FOLD, descriptor.value(), ipa, LAST_LEVEL);
        if (result.status().isSuccess()) {
            takeBack(new PhysicalAddress(result.x1()));
        }
    }

    /// Makes a table of `level` of the block that holds `ipa`; returns whether it could.
    boolean unfold(long ipa, int level) {
        PhysicalAddress granule = spare == null ? granules.takeDelegated() : spare;
        spare = null;
        return succeeds(RmiCommand.RTT_CREATE, createArguments(granule, ipa, level));
    }

    /// Takes a granule back that the RMM does not use any more.
    void takeBack(PhysicalAddress granule) {
        if (spare == null) {
            spare = granule;
        } else {
            granules.release(granule);
        }
    }

    /// Destroys all tables below the start level, which map nothing any more; their granules stay delegated.
    void destroyAll() {
        destroy(geometry.startLevel() + 1, 0, 1L << geometry.ipaBits());
    }

    /// Destroys the tables of `level` and below for a range. A table cannot go before those below it.
    private void destroy(int level, long base, long top) {
        for (long at = base; at < top; ) {
            RmiResult result = rmi.call(RmiCommand.RTT_DESTROY, descriptor.value(), at, level);
            RmiStatus status = result.status();
            long end = at + RttGeometry.entrySize(level - 1);
            if (status.isSuccess() || (status.code() == RmiStatus.Code.ERROR_RTT && result.x2() > at)) {
                end = result.x2();
            } else if (status.equals(RmiStatus.errorRtt(level)) && level < LAST_LEVEL) {
                destroy(level + 1, at, end);
                succeeds(RmiCommand.RTT_DESTROY, descriptor.value(), at, level);
            } else {
                LOG.error("RTT_DESTROY of 0x{}, level {}: {}", Long.toHexString(at), level, status);
            }
            at = end;
        }
    }

    private boolean succeeds(RmiCommand command, long... arguments) {
        RmiStatus status = rmi.call(command, arguments).status();
        if (!status.isSuccess()) {
            LOG.error("Realm {}: {}: {}", descriptor, command, status);
        }
        return status.isSuccess();
    }
}
