// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.util.Locale;

/// A stored policy as one line for people, whichever service has it.
///
/// @param createdAt when it was put, RFC 3339
record PolicyLine(String id, String createdAt, boolean active, String name, int version, boolean isRego) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s  %s  %s  %s %d%s",
                id,
                createdAt,
                active ? "active" : "      ",
                name,
                version,
                isRego ? "  rego" : "");
    }
}
