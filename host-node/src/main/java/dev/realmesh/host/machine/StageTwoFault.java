// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;

/// An access of a Realm that stage 2 does not let pass; [Syndrome#of] makes an abort of it.
///
/// @param ipa what the Realm accessed
/// @param access how
/// @param cause why it did not pass
/// @param level level of the entry where the walk ended
public record StageTwoFault(IntermediatePhysicalAddress ipa, Access access, Cause cause, int level) {
    /// Kinds of access.
    public enum Access {
        LOAD,
        STORE,
        FETCH
    }

    /// Why an access does not pass.
    public enum Cause {
        /// Nothing is mapped.
        TRANSLATION,
        /// What is mapped may not be accessed so.
        PERMISSION,
        /// What is mapped is of another physical address space.
        GRANULE_PROTECTION
    }
}
