// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import java.util.regex.Pattern;

/// The broker's name of an RCAR session.
///
/// @param text 32 hexadecimal digits
public record SessionId(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    /// Checks the form.
    ///
    /// @throws BrokerException.Misbehaved if it is anything else
    public SessionId {
        if (!FORM.matcher(text).matches()) {
            throw new BrokerException.Misbehaved(
                    "session id of " + text.length() + " characters (expected: 32 hex digits)");
        }
    }
}
