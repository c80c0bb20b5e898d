// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.util.List;
import java.util.regex.Pattern;

/// Where in a container the host may put something: absolute, without `.` and `..`, and nothing of /proc, /dev or /sys.
final class ContainerPath {
    private static final int MAX_CHARACTERS = 4096;
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{0,2}(/|$))[^/\\p{Cntrl}]+)+");
    private static final List<String> KERNELS = List.of("/proc/", "/dev/", "/sys/");

    private ContainerPath() {}

    /// @param what the field that it is in
    /// @throws ContainerException.BadRequest if it is something else
    static void require(String what, String path) {
        if (path.length() > MAX_CHARACTERS || !PATH.matcher(path).matches()) {
            throw new ContainerException.BadRequest(what + ": a path of " + path.length()
                    + " characters (expected: absolute, without . and .., at most " + MAX_CHARACTERS + ")");
        }
        if (KERNELS.stream().anyMatch((path + "/")::startsWith)) {
            throw new ContainerException.BadRequest(what + ": " + path + " (expected: nothing of /proc, /dev or /sys)");
        }
    }
}
