// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A guest of a shell and a script. Needs a static busybox.
public final class ShellGuest {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private ShellGuest() {}

    /// The kernel that runs the script.
    public static byte[] kernel() {
        return new GuestKernel(List.of("/bin/sh", "/init"), Map.of("PATH", "/bin")).bytes();
    }

    /// The initrd with the script.
    public static byte[] initrd(String script) {
        Cpio cpio = new Cpio();
        List.of("bin", "dev", "proc", "run", "sys", "sys/fs", "sys/fs/cgroup", "tmp")
                .forEach(cpio::folder);
        cpio.entry("bin/busybox", Cpio.PROGRAM, busybox());
        List.of("sh", "id", "hostname", "ls", "cat", "env", "grep", "sort", "ip", "wc", "touch", "sleep")
                .forEach(applet -> cpio.entry("bin/" + applet, Cpio.LINK, "busybox"));
        return cpio.entry("init", Cpio.PROGRAM, script).bytes();
    }

    private static byte[] busybox() {
        try {
            return Files.readAllBytes(BUSYBOX);
        } catch (IOException e) {
            throw new UncheckedIOException(BUSYBOX + ": cannot be read (expected: a static busybox)", e);
        }
    }
}
