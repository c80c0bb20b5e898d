// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.sealed.SealedSecret;
import java.util.List;
import java.util.regex.Pattern;

/// A sealed secret that is to be a file in the container.
///
/// @param path where; absolute, at most 4096 characters, without empty, `.` or `..` names, and nothing of /proc, /dev
///     or /sys
/// @param sealed what; a sealed secret, at most 64 KiB
public record SecretFile(String path, String sealed) {
    private static final int MAX_PATH_CHARACTERS = 4096;
    private static final int MAX_SEALED_CHARACTERS = 64 * 1024;
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{0,2}(/|$))[^/\\p{Cntrl}]+)+");
    private static final List<String> KERNELS = List.of("/proc/", "/dev/", "/sys/");

    /// Checks both.
    ///
    /// @throws ContainerException.BadRequest if one of them is something else
    public SecretFile {
        if (path.length() > MAX_PATH_CHARACTERS || !PATH.matcher(path).matches()) {
            throw new ContainerException.BadRequest("secret_files: a path of " + path.length()
                    + " characters (expected: absolute, without . and .., at most " + MAX_PATH_CHARACTERS + ")");
        }
        if (KERNELS.stream().anyMatch((path + "/")::startsWith)) {
            throw new ContainerException.BadRequest(
                    "secret_files: " + path + " (expected: nothing of /proc, /dev or /sys)");
        }
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
