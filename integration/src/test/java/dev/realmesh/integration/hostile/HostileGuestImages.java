// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.hostile;

import dev.realmesh.host.machine.guest.GuestKernel;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/// Guest images that start [HostileGuest] in the place of the guest: the genuine initrd with that program in it, and a
/// kernel for each of its ways.
public final class HostileGuestImages {
    private static final String PLACE = "opt/hostile";
    private static final int FOLDER = CpioConstants.C_ISDIR | 0755;
    private static final int FILE = CpioConstants.C_ISREG | 0644;

    private HostileGuestImages() {}

    /// Name of the image of a way.
    public static String name(HostileGuest.Way way) {
        return way.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Writes an image for each way, each in a folder of its name; returns all images, the genuine one first.
    ///
    /// @param genuine folder of the genuine guest image
    /// @param folder where the images go; it has room for one initrd
    public static List<Path> write(Path genuine, Path folder) throws IOException, URISyntaxException {
        Path initrd = folder.resolve("initrd");
        writeInitrd(genuine.resolve("initrd"), initrd);
        GuestKernel kernel = GuestKernel.read(Files.readAllBytes(genuine.resolve("kernel")));
        List<Path> images = new ArrayList<>(List.of(genuine));
        for (HostileGuest.Way way : HostileGuest.Way.values()) {
            Path image = Files.createDirectory(folder.resolve(name(way)));
            Files.createLink(image.resolve("initrd"), initrd);
            Files.write(image.resolve("kernel"), hostile(kernel, way).bytes());
            images.add(image);
        }
        return images;
    }

    private static GuestKernel hostile(GuestKernel genuine, HostileGuest.Way way) {
        List<String> command = new ArrayList<>(genuine.command());
        command.removeIf(word -> word.startsWith("-XX:SharedArchiveFile"));
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, "/" + PLACE + ":" + command.get(classPath));
        command.set(command.size() - 1, HostileGuest.class.getName());
        command.add(way.name());
        return new GuestKernel(command, genuine.environment());
    }

    private static void writeInitrd(Path from, Path to) throws IOException, URISyntaxException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(from));
                CpioArchiveInputStream genuine = new CpioArchiveInputStream(in);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(to));
                CpioArchiveOutputStream archive = new CpioArchiveOutputStream(out)) {
            for (CpioArchiveEntry entry = genuine.getNextEntry(); entry != null; entry = genuine.getNextEntry()) {
                archive.putArchiveEntry(entry);
                genuine.transferTo(archive);
                archive.closeArchiveEntry();
            }
            addProgram(archive);
        }
    }

    private static void addProgram(CpioArchiveOutputStream archive) throws IOException, URISyntaxException {
        Path classes = Path.of(HostileGuest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path own = Path.of(HostileGuest.class.getPackageName().replace('.', '/'));
        add(archive, PLACE, FOLDER, new byte[0]);
        for (int names = 1; names <= own.getNameCount(); names++) {
            add(archive, PLACE + "/" + own.subpath(0, names), FOLDER, new byte[0]);
        }
        try (Stream<Path> files = Files.list(classes.resolve(own))) {
            for (Path file : files.sorted().toList()) {
                add(archive, PLACE + "/" + own.resolve(file.getFileName()), FILE, Files.readAllBytes(file));
            }
        }
    }

    private static void add(CpioArchiveOutputStream archive, String path, int mode, byte[] content) throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path, content.length);
        entry.setMode(mode);
        archive.putArchiveEntry(entry);
        archive.write(content);
        archive.closeArchiveEntry();
    }
}
