// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import java.util.Set;
import java.util.regex.Pattern;

/// What a guest may call: full names of services (`realmesh.keybroker.v1.KeyBrokerService`), or of single
/// methods (`realmesh.keybroker.v1.KeyBrokerService/Attest`). Everything else is refused before it leaves the
/// host.
///
/// @param names at most 256 names
public record AllowList(Set<String> names) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*(/[A-Za-z_]\\w*)?");

    public AllowList {
        names = Set.copyOf(names);
        if (names.size() > 256) {
            throw new IllegalArgumentException("names: " + names.size() + " (expected: at most 256)");
        }
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "name: " + name + " (expected: package.Service or package.Service/Method)");
            }
        }
    }

    /// The list of `names`.
    public static AllowList of(String... names) {
        return new AllowList(Set.of(names));
    }

    /// Whether the method, `package.Service/Method`, may be called.
    public boolean allows(String fullMethodName) {
        int slash = fullMethodName.lastIndexOf('/');
        return slash > 0 && (names.contains(fullMethodName) || names.contains(fullMethodName.substring(0, slash)));
    }
}
