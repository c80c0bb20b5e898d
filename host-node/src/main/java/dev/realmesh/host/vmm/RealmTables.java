// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.RttGeometry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The translation tables of one Realm, made where a command says that the walk ended too early, as KVM does: never
/// more
/// of them than needed, since their depth counts in the RIM.
final class RealmTables {
    private static final Logger LOG = LoggerFactory.getLogger(RealmTables.class);
    private static final int LAST_LEVEL = 3;

    private final Rmi rmi;
    private final RealmGranules granules;
    private final PhysicalAddress descriptor;
    private final Deque<Table> tables = new ArrayDeque<>();

    /// One table below the root.
    private record Table(PhysicalAddress granule, long ipa, int level) {}

    RealmTables(Rmi rmi, RealmGranules granules, PhysicalAddress descriptor) {
        this.rmi = rmi;
        this.granules = granules;
        this.descriptor = descriptor;
    }

    /// Gives a command that needs a translation for `ipa`, and makes the next table as often as the command misses one.
    /// Returns what it answered at last.
    RmiResult whileMissing(long ipa, Supplier<RmiResult> attempt) {
        RmiResult result = attempt.get();
        for (int tries = 0; missesTable(result.status()) && tries < LAST_LEVEL; tries++) {
            create(ipa, result.status().index() + 1);
            result = attempt.get();
        }
        return result;
    }

    private static boolean missesTable(RmiStatus status) {
        return status.code() == RmiStatus.Code.ERROR_RTT && status.index() < LAST_LEVEL;
    }

    private void create(long ipa, int level) {
        long base = ipa & -RttGeometry.entrySize(level - 1);
        PhysicalAddress granule = granules.takeDelegated();
        rmi.require(RmiCommand.RTT_CREATE, descriptor.value(), granule.value(), base, level);
        tables.push(new Table(granule, base, level));
    }

    /// Destroys all tables, deepest first; they must map nothing any more.
    void destroyAll() {
        while (!tables.isEmpty()) {
            Table table = tables.pop();
            RmiStatus status = rmi.call(RmiCommand.RTT_DESTROY, descriptor.value(), table.ipa(), table.level())
                    .status();
            if (!status.isSuccess()) {
                LOG.error("RTT_DESTROY of 0x{}: {}", Long.toHexString(table.ipa()), status);
            }
        }
    }
}
