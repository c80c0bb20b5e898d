// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.mesh;

import dev.realmesh.guestimage.BuildGuestImage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/// Where Realmesh is on this machine: a checkout that was built, or an installed distribution. The launcher names it.
///
/// @param folder the checkout's or the distribution's folder
public record Home(Path folder) {
    /// The folder that `$REALMESH_HOME` names.
    ///
    /// @throws IllegalStateException if it names none
    public static Home ofEnvironment() {
        String named = System.getenv("REALMESH_HOME");
        if (named == null || named.isBlank()) {
            throw new IllegalStateException("REALMESH_HOME: not set (start this by the script `realmesh`)");
        }
        return new Home(Path.of(named));
    }

    /// The tools that Realms need are on this machine afterwards, installed if that is allowed.
    ///
    /// @throws IllegalStateException if one is missing; the script has named it on standard error
    public void requireTools() throws IOException, InterruptedException {
        Path setup = folder.resolve("deploy/setup.sh");
        if (Files.exists(setup)
                && new ProcessBuilder("bash", setup.toString())
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        != 0) {
            throw new IllegalStateException("this machine lacks tools that Realms need (see the line above)");
        }
    }

    /// The folder of the guest image, which is built first if there is none, or what it is made of or by is newer.
    ///
    /// @throws dev.realmesh.guestimage.BuildException if it cannot be built
    public Path guestImage() throws IOException {
        Path installed = folder.resolve("guest");
        if (Files.exists(installed.resolve("kernel"))) {
            return installed;
        }
        Path built = folder.resolve("deploy/guest-image/target/guest");
        if (guestImageIsStale()) {
            System.err.println("realmesh: building the guest image");
            BuildGuestImage.build(folder.resolve("realm-node/target"), built, Path.of(System.getProperty("java.home")));
        }
        return built;
    }

    boolean guestImageIsStale() throws IOException {
        Path built = folder.resolve("deploy/guest-image/target/guest/manifest.json");
        if (!Files.exists(built)) {
            return true;
        }
        FileTime time = Files.getLastModifiedTime(built);
        for (String each : List.of("realm-node/target", "realm-node/target/lib", "deploy/guest-image/target")) {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder.resolve(each), "*.jar")) {
                for (Path jar : jars) {
                    if (Files.getLastModifiedTime(jar).compareTo(time) > 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
