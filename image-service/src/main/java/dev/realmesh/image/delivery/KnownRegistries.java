// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.oci.Reference;
import java.util.Set;

/// Which registries images are given out of, besides our own.
///
/// @param allowed as references have them
record KnownRegistries(Set<String> allowed) {
    KnownRegistries {
        allowed = Set.copyOf(allowed);
    }

    /// Whether a reference is to our own.
    ///
    /// @throws DeliveryException.NotAllowed if it is to one that may not be asked
    boolean isOwn(Reference reference) {
        if (reference.registry().isEmpty()) {
            return true;
        }
        if (!allowed.contains(reference.registry())) {
            throw new DeliveryException.NotAllowed(reference);
        }
        return false;
    }
}
