// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The shared libraries of the build machine that programs and libraries of the guest need, as its dynamic loader
/// resolves them (`ldd`), the loader itself included.
final class SharedLibraries {
    private static final Pattern RESOLVED = Pattern.compile("(?:=>\\s*)?(/\\S+)\\s+\\(0x[0-9a-f]+\\)");
    private static final Pattern MISSING = Pattern.compile("(\\S+) => not found");
    private static final byte[] ELF_MAGIC = {0x7f, 'E', 'L', 'F'};
    private static final int ELF_MACHINE_AT = 18;
    private static final int ELF_HEADER_BYTES = 64;

    private SharedLibraries() {}

    /// What `binaries` need, by absolute path on the build machine; what lies below one of `own` is left out, as the
    /// guest has it anyway.
    ///
    /// @throws BuildException if one of them needs a library that is not there
    static NavigableSet<Path> neededBy(List<Path> binaries, List<Path> own) {
        NavigableSet<Path> needed = new TreeSet<>();
        for (Path binary : binaries) {
            String report = report(binary);
            Matcher missing = MISSING.matcher(report);
            while (missing.find()) {
                if (own.stream().noneMatch(folder -> provides(folder, missing.group(1)))) {
                    throw new BuildException("%s: needs %s, which is not on this machine (install its package)"
                            .formatted(binary, missing.group(1)));
                }
            }
            RESOLVED.matcher(report)
                    .results()
                    .map(match -> Path.of(match.group(1)))
                    .filter(library -> own.stream().noneMatch(library::startsWith))
                    .forEach(needed::add);
        }
        return needed;
    }

    private static String report(Path binary) {
        try {
            return Command.run(List.of("ldd", binary.toString()));
        } catch (BuildException e) {
            if (isStatic(e)) {
                return "";
            }
            throw e;
        }
    }

    private static boolean isStatic(BuildException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("not a dynamic executable") || message.contains("statically linked");
    }

    private static boolean provides(Path folder, String library) {
        try (var files = Files.walk(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().equals(library));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }

    /// ELF libraries for this machine below a folder.
    static List<Path> below(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".so") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }

    /// Copies the native libraries for this machine out of jars, which unpack them at run-time, into `scratch`.
    static List<Path> insideJars(List<Path> jars, Path scratch) {
        byte[] machine = header(Path.of("/proc/self/exe"));
        List<Path> libraries = new ArrayList<>();
        for (Path jar : jars) {
            try (JarFile archive = new JarFile(jar.toFile())) {
                for (JarEntry entry :
                        archive.stream().filter(SharedLibraries::isNative).toList()) {
                    Path copy = scratch.resolve("native-" + libraries.size() + ".so");
                    try (InputStream content = archive.getInputStream(entry)) {
                        Files.copy(content, copy);
                    }
                    if (sameMachine(header(copy), machine)) {
                        libraries.add(copy);
                    } else {
                        Files.delete(copy);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(jar + ": cannot be read", e);
            }
        }
        return libraries;
    }

    /// Libraries for musl's C library are left out: the guest has glibc's.
    private static boolean isNative(JarEntry entry) {
        return entry.getName().endsWith(".so")
                && !entry.getName().toLowerCase(Locale.ROOT).contains("musl");
    }

    private static byte[] header(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(ELF_HEADER_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    private static boolean sameMachine(byte[] elf, byte[] machine) {
        return elf.length == ELF_HEADER_BYTES
                && Arrays.mismatch(elf, ELF_MAGIC) == ELF_MAGIC.length
                && elf[ELF_MACHINE_AT] == machine[ELF_MACHINE_AT]
                && elf[ELF_MACHINE_AT + 1] == machine[ELF_MACHINE_AT + 1];
    }
}
