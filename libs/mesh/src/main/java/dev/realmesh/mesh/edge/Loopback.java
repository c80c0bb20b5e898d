// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.edge;

import java.util.regex.Pattern;

/// Tells whether an address is this machine's own, without asking a resolver.
final class Loopback {
    private static final Pattern LITERAL = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]");

    private Loopback() {}

    static boolean contains(String host) {
        return LITERAL.matcher(host).matches();
    }
}
