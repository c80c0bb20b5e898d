// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Unpacks an initrd (cpio "newc", plain or gzipped) below a folder. The archive is hostile until shown otherwise:
/// nothing is written outside the folder, through a symbolic link, or over what is there already, and sizes and counts
/// are bounded.
/// Owners and set-id bits are dropped; devices, pipes, sockets and hard links are refused.
final class InitrdUnpacker {
    private static final int HEADER_BYTES = 110;
    private static final String MAGIC = "070701";
    private static final String TRAILER = "TRAILER!!!";
    private static final int MAX_NAME_BYTES = 1024;
    private static final int MAX_COMPONENT_BYTES = 255;
    private static final int TYPE_MASK = 0xf000;
    private static final int TYPE_FOLDER = 0x4000;
    private static final int TYPE_FILE = 0x8000;
    private static final int TYPE_LINK = 0xa000;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path root;
    private final Limits limits;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Set<Path> folders = new HashSet<>();
    private InputStream archive = InputStream.nullInputStream();
    private long position;
    private long unpackedBytes;
    private int entries;

    /// What an archive may cost.
    ///
    /// @param entries files, folders and links in it
    /// @param bytes contents of all files together
    record Limits(int entries, long bytes) {}

    /// One header: what the archive says of the next entry.
    private record Header(String name, int mode, long links, long modifiedSeconds, long size) {}

    private InitrdUnpacker(Path root, Limits limits) {
        this.root = root;
        this.limits = limits;
        folders.add(root);
    }

    /// Unpacks `initrd` below `root`, an empty folder.
    ///
    /// @throws GuestException.BadInitrd if it is malformed or must not be unpacked; some of it may be there then
    /// @throws IOException if the folder cannot be written
    static void unpack(InputStream initrd, Path root, Limits limits) throws IOException {
        InitrdUnpacker unpacker = new InitrdUnpacker(root, limits);
        try {
            unpacker.archive = decompressed(initrd);
            unpacker.unpackAll();
        } catch (EOFException e) {
            throw unpacker.bad("ends in the middle of an entry");
        } catch (ZipException e) {
            throw unpacker.bad("gzip: " + e.getMessage());
        }
    }

    private static InputStream decompressed(InputStream raw) throws IOException {
        BufferedInputStream start = new BufferedInputStream(raw, BUFFER_BYTES);
        start.mark(2);
        int magic = (start.read() << 8) | start.read();
        start.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(start, BUFFER_BYTES) : start;
    }

    private void unpackAll() throws IOException {
        for (Header header = next(); !header.name().equals(TRAILER); header = next()) {
            if (++entries > limits.entries()) {
                throw bad("more than " + limits.entries() + " entries");
            }
            unpack(header);
            skipPadding();
        }
    }

    private Header next() throws IOException {
        byte[] raw = read(HEADER_BYTES);
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(MAGIC)) {
            throw bad("no cpio newc header (expected: magic 070701)");
        }
        int nameBytes = (int) Math.min(field(text, 11), Integer.MAX_VALUE);
        if (nameBytes < 2 || nameBytes > MAX_NAME_BYTES) {
            throw bad("name of %d bytes (expected: 2 to %d)".formatted(nameBytes, MAX_NAME_BYTES));
        }
        byte[] name = read(nameBytes);
        if (name[nameBytes - 1] != 0) {
            throw bad("name without its end");
        }
        skipPadding();
        return new Header(
                decode(name, nameBytes - 1), (int) field(text, 1), field(text, 4), field(text, 5), field(text, 6));
    }

    private long field(String header, int index) {
        int at = MAGIC.length() + 8 * index;
        try {
            return Integer.toUnsignedLong(Integer.parseUnsignedInt(header, at, at + 8, 16));
        } catch (NumberFormatException e) {
            throw bad("header field " + index + " is no hexadecimal number");
        }
    }

    private String decode(byte[] bytes, int length) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw bad("name with a NUL in it");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw bad("name that is not UTF-8");
        }
    }

    private void unpack(Header header) throws IOException {
        if (header.name().equals(".")) {
            return;
        }
        Path target = target(header.name());
        switch (header.mode() & TYPE_MASK) {
            case TYPE_FOLDER -> {
                Files.createDirectory(target);
                folders.add(target);
                Files.setPosixFilePermissions(target, permissions(header.mode() | 0700));
            }
            case TYPE_FILE -> unpackFile(header, target);
            case TYPE_LINK -> Files.createSymbolicLink(target, Path.of(linkTarget(header)));
            default ->
                throw bad(
                        "'%s' has mode %o (expected: a file, folder or link)".formatted(header.name(), header.mode()));
        }
    }

    /// Where an entry goes. Its folder must have come before it, as a folder: so no link is ever followed.
    private Path target(String name) {
        for (String component : name.split("/", -1)) {
            int length = component.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > MAX_COMPONENT_BYTES || component.equals(".") || component.equals("..")) {
                throw bad("'" + name + "' (expected: a relative path without '.', '..' or empty parts)");
            }
        }
        Path target = root.resolve(name);
        if (!folders.contains(target.getParent())) {
            throw bad("'" + name + "' is not in a folder that came before it");
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw bad("'" + name + "' comes twice");
        }
        return target;
    }

    private void unpackFile(Header header, Path target) throws IOException {
        if (header.links() > 1) {
            throw bad("'" + header.name() + "' is a hard link");
        }
        unpackedBytes += header.size();
        if (unpackedBytes > limits.bytes()) {
            throw bad("files of more than " + limits.bytes() + " bytes together");
        }
        try (OutputStream file =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = header.size(); left > 0; ) {
                int chunk = readSome((int) Math.min(left, BUFFER_BYTES));
                file.write(buffer, 0, chunk);
                left -= chunk;
            }
        }
        Files.setPosixFilePermissions(target, permissions(header.mode()));
        Files.setLastModifiedTime(target, FileTime.from(header.modifiedSeconds(), TimeUnit.SECONDS));
    }

    private String linkTarget(Header header) throws IOException {
        if (header.size() < 1 || header.size() > MAX_NAME_BYTES) {
            throw bad("'%s' links to a name of %d bytes (expected: 1 to %d)"
                    .formatted(header.name(), header.size(), MAX_NAME_BYTES));
        }
        return decode(read((int) header.size()), (int) header.size());
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] highestFirst = PosixFilePermission.values();
        for (int bit = 0; bit < highestFirst.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(highestFirst[bit]);
            }
        }
        return permissions;
    }

    private byte[] read(int length) throws IOException {
        byte[] bytes = archive.readNBytes(length);
        position += bytes.length;
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private int readSome(int most) throws IOException {
        int count = archive.read(buffer, 0, most);
        if (count < 0) {
            throw new EOFException();
        }
        position += count;
        return count;
    }

    private void skipPadding() throws IOException {
        read((int) (-position & 3));
    }

    private GuestException.BadInitrd bad(String what) {
        return new GuestException.BadInitrd("offset " + position + ": " + what);
    }
}
