// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RttGeometry;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a Realm is built: all that its RIM depends on, in the order in which it counts. It is data, so that what is
/// measured in advance and what is launched cannot differ. A plan that exists is one that an RMM carries out.
///
/// @param features measured parameters of REALM_CREATE
/// @param ram the guest's memory; faults outside it are not served
/// @param operations what follows, in order
public record BootPlan(RealmFeatures features, Range ram, List<BootOperation> operations) {
    /// Bytes of a page.
    public static final long PAGE = RttGeometry.PAGE;

    /// A range of IPAs.
    ///
    /// @param base first one
    /// @param top the one after the last
    public record Range(long base, long top) {
        public boolean contains(long ipa) {
            return ipa >= base && ipa < top;
        }

        /// Checks that something that begins here ends here too.
        ///
        /// @throws PlanException.DoesNotFit if it does not
        public void requireHolds(String what, long end) {
            if (Long.compareUnsigned(end, top) > 0) {
                throw PlanException.DoesNotFit.endsBeyond(what, end, top);
            }
        }
    }

    /// @throws PlanException.RmmRefuses if an RMM refuses one of the operations
    public BootPlan {
        operations = List.copyOf(operations);
        RmmRules.check(features, operations);
    }

    /// The tables of the Realm's address space.
    public RttGeometry geometry() {
        return new RttGeometry(features.s2sz());
    }

    /// This plan and one operation more.
    BootPlan and(BootOperation operation) {
        List<BootOperation> more = new ArrayList<>(operations);
        more.add(operation);
        return new BootPlan(features, ram, more);
    }

    /// The algorithm of the Realm's measurements.
    public HashAlgorithm hashAlgorithm() {
        return HashAlgorithm.of(features.hashAlgo()).orElseThrow();
    }

    /// What is loaded under a name, if it is.
    public Optional<LoadData> find(String name) {
        return operations.stream()
                .filter(LoadData.class::isInstance)
                .map(LoadData.class::cast)
                .filter(load -> load.name().equals(name))
                .findFirst();
    }

    /// The next multiple of `unit`, a power of two, from `value` on.
    public static long roundUp(long value, long unit) {
        return (value + unit - 1) & -unit;
    }
}
