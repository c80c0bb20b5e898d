// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/// A package of classes, in the folder or jar that its classes are loaded from.
///
/// @param anchor a class of the same folder or jar
/// @param name the package
record CodePackage(Class<?> anchor, String name) {
    /// Adds all classes of the package to `hash`, by name: name, zero byte, length (four bytes, big-endian), contents.
    ///
    /// @throws FirmwareException.Unmeasurable if there are none, or they cannot be read
    void addTo(MessageDigest hash) {
        CodeSource source = anchor.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new FirmwareException.Unmeasurable(name);
        }
        try {
            Path root = Path.of(source.getLocation().toURI());
            if (Files.isDirectory(root)) {
                addClasses(root, hash);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(root)) {
                    addClasses(jar.getPath("/"), hash);
                }
            }
        } catch (IOException | UncheckedIOException | URISyntaxException e) {
            throw new FirmwareException.Unmeasurable(name, e);
        }
    }

    private void addClasses(Path root, MessageDigest hash) throws IOException {
        Path folder = root.resolve(name.replace('.', '/'));
        List<Path> classes;
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            classes = files.filter(file -> file.toString().endsWith(".class"))
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        }
        if (classes.isEmpty()) {
            throw new FirmwareException.Unmeasurable(name);
        }
        for (Path file : classes) {
            byte[] code = Files.readAllBytes(file);
            hash.update((name + "." + file.getFileName()).getBytes(StandardCharsets.UTF_8));
            hash.update((byte) 0);
            hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, code.length));
            hash.update(code);
        }
    }
}
