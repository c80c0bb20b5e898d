// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;

/// An access of a Realm that stage 2 does not let pass; [Syndrome#of] makes an abort of it.
///
/// @param ipa what the Realm accessed
/// @param access how
/// @param level level of the entry where the walk ended
/// @param granuleProtection whether the walk succeeded and the granule protection check refused
public record StageTwoFault(IntermediatePhysicalAddress ipa, Access access, int level, boolean granuleProtection) {
    /// Kinds of access.
    public enum Access {
        LOAD,
        STORE,
        FETCH
    }
}
