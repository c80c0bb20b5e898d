// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RttGeometry;
import java.util.List;

/// How a Realm is built: all that its RIM depends on, in the order in which it counts. It is data, so that what is
/// measured in advance and what is launched cannot differ.
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
    }

    public BootPlan {
        operations = List.copyOf(operations);
    }

    /// The tables of the Realm's address space.
    public RttGeometry geometry() {
        return new RttGeometry(features.s2sz());
    }

    /// The next multiple of `unit`, a power of two, from `value` on.
    public static long roundUp(long value, long unit) {
        return (value + unit - 1) & -unit;
    }
}
