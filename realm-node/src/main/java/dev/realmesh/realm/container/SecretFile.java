// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.sealed.SealedSecret;

/// A sealed secret that is to be a file in the container.
///
/// @param path where; absolute, at most 4096 characters, without empty, `.` or `..` names, and nothing of /proc, /dev
///     or /sys
/// @param sealed what; a sealed secret, at most 64 KiB
public record SecretFile(String path, String sealed) {
    private static final int MAX_SEALED_CHARACTERS = 64 * 1024;

    /// Checks both.
    ///
    /// @throws ContainerException.BadRequest if one of them is something else
    public SecretFile {
        ContainerPath.require("secret_files", path);
        if (!sealed.startsWith(SealedSecret.PREFIX) || sealed.length() > MAX_SEALED_CHARACTERS) {
            throw new ContainerException.BadRequest("secret_files: " + path + ": no sealed secret (expected: "
                    + SealedSecret.PREFIX + "…, at most " + MAX_SEALED_CHARACTERS + " characters)");
        }
    }

    /// Says where, and not what.
    @Override
    public String toString() {
        return "SecretFile[" + path + "]";
    }
}
