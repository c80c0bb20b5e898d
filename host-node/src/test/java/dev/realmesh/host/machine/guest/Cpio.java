// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes cpio "newc" archives entry by entry, honest ones and others.
public final class Cpio {
    public static final int FOLDER = 0040755;
    public static final int FILE = 0100644;
    public static final int PROGRAM = 0100755;
    public static final int LINK = 0120777;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Cpio entry(String name, int mode, byte[] content) {
        return entry(name, mode, 1, content.length, content);
    }

    public Cpio entry(String name, int mode, String content) {
        return entry(name, mode, content.getBytes(StandardCharsets.UTF_8));
    }

    public Cpio folder(String name) {
        return entry(name, FOLDER, "");
    }

    /// An entry whose header may lie.
    Cpio entry(String name, int mode, int links, long size, byte[] content) {
        byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
        long[] fields = {1, mode, 0, 0, links, 1_000_000_000, size, 0, 0, 0, 0, path.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (long field : fields) {
            header.append("%08X".formatted(field));
        }
        out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(path);
        pad();
        out.writeBytes(content);
        pad();
        return this;
    }

    private void pad() {
        out.writeBytes(new byte[-out.size() & 3]);
    }

    /// The archive with its end.
    public byte[] bytes() {
        entry("TRAILER!!!", 0, "");
        return out.toByteArray();
    }

    /// The archive as it is, without its end.
    byte[] unfinished() {
        return out.toByteArray();
    }
}
