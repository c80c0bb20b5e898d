// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.PlatformToken;
import dev.realmesh.cca.token.SoftwareComponent;
import dev.realmesh.host.firmware.image.FirmwareImage;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A platform whose firmware was changed on disk boots, by another class loader, and its token says so: the slot of the
/// component that was changed is another, and no other slot is.
class ChangedFirmwareTest {
    @TempDir
    private Path folder;

    private Path code;

    @BeforeEach
    void copyTheFirmware() throws IOException, URISyntaxException {
        code = folder.resolve("code");
        copy(rootOf(FirmwareImage.class));
        copy(rootOf(Bytes.class));
    }

    @Test
    void bootsACopyWithTheSameMeasurements() throws Throwable {
        assertThat(boot()).isEqualTo(expected());
    }

    @ParameterizedTest
    @CsvSource({
        "dev/realmesh/host/rmm/granule/Hold, not locked, yes locked, RMM",
        "dev/realmesh/cca/measurement/Rmm10MeasurementRule, expected: 0 or 1, expected: 0 or 2, RMM",
        "dev/realmesh/host/rmm/realm/RealmTable, no Realm, no Raelm, RMM",
        "dev/realmesh/host/firmware/hes/HardwareEnforcedSecurity, slots are open, slots are OPEN, RSE_S",
        "dev/realmesh/host/machine/MemoryRange, whole granules, whole GRANULES, HW_CONFIG"
    })
    void tellsOfAChangedComponent(String file, String was, String becomes, String component) throws Throwable {
        Path changed = code.resolve(file + ".class");
        String bytes = Files.readString(changed, StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains(was);
        Files.writeString(changed, bytes.replace(was, becomes), StandardCharsets.ISO_8859_1);

        assertThat(changedSlots(boot())).containsExactly(component);
    }

    @Test
    void tellsOfAnAddedClass() throws Throwable {
        Files.copy(
                code.resolve("dev/realmesh/host/firmware/bl2/TrustedBootFirmware.class"),
                code.resolve("dev/realmesh/host/firmware/bl2/Backdoor.class"));
        assertThat(changedSlots(boot())).containsExactly("AP_BL2");
    }

    /// The components that are not as the endorser of this build expects them.
    private static List<String> changedSlots(List<SoftwareComponent> booted) {
        List<SoftwareComponent> expected = expected();
        assertThat(booted)
                .extracting(SoftwareComponent::type)
                .isEqualTo(expected.stream().map(SoftwareComponent::type).toList());
        return IntStream.range(0, booted.size())
                .filter(slot -> !booted.get(slot).equals(expected.get(slot)))
                .mapToObj(slot -> booted.get(slot).type())
                .toList();
    }

    /// Boots the copy, and reads the components out of its platform token.
    private List<SoftwareComponent> boot() throws Throwable {
        try (URLClassLoader loader = new OwnFirst(code.toUri().toURL())) {
            Class<?> probe = loader.loadClass(BootProbe.class.getName());
            MethodHandle boot = MethodHandles.publicLookup()
                    .findStatic(probe, "platformToken", MethodType.methodType(byte[].class, Path.class));
            byte[] token = (byte[]) boot.invokeExact(folder.resolve("state"));
            return PlatformToken.decode(Bytes.copyOf(token)).claims().softwareComponents();
        }
    }

    private static List<SoftwareComponent> expected() {
        return FirmwareImage.bootOrder().stream().map(FirmwareImage::component).toList();
    }

    private void copy(Path root) throws IOException {
        if (Files.isDirectory(root)) {
            copyTree(root);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(root)) {
                copyTree(jar.getPath("/"));
            }
        }
    }

    private void copyTree(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            Path target = code.resolve(root.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    private static Path rootOf(Class<?> anchor) throws URISyntaxException {
        return Path.of(
                anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /// Loads the platform's classes from one folder, and all others as usual.
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL folder) {
            super(new URL[] {folder, BootProbe.location()}, OwnFirst.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own = name.startsWith("dev.realmesh.host.") || name.startsWith("dev.realmesh.cca.");
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return own ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }
}
