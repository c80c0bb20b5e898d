// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.policy;

import dev.realmesh.oci.Reference;
import java.util.ArrayList;
import java.util.List;

/// The scopes that an image is in, narrowest first: the reference, its repository, the namespaces above it, its host,
/// and the domains above that (`*.example.com`). An image of the mesh's own registry has no host.
final class PolicyScopes {
    private PolicyScopes() {}

    static List<String> of(Reference image) {
        List<String> scopes = new ArrayList<>();
        String name = image.name();
        scopes.add(image.toString());
        while (true) {
            scopes.add(name);
            int slash = name.lastIndexOf('/');
            if (slash < 0) {
                break;
            }
            name = name.substring(0, slash);
        }
        String host = image.registry();
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            scopes.add("*" + host.substring(dot));
        }
        return scopes;
    }
}
