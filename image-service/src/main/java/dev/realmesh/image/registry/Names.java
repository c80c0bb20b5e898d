// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.registry;

import dev.realmesh.oci.Reference;

/// Names become paths below the registry's folder only after this: the grammar has neither `..` nor a leading `_`,
/// which the registry's own files begin with.
final class Names {
    private Names() {}

    static void checkRepository(String name) {
        if (!Reference.isRepository(name)) {
            throw new RegistryException.NameInvalid(name.substring(0, Math.min(name.length(), 80)));
        }
    }
}
