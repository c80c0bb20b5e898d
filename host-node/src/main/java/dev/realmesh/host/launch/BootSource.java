// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.nio.file.Path;

/// A guest image on a host, and how Realms boot from it: `FOLDER` or `FOLDER@METHOD`, such as `/guests/mine@kvmtool`.
///
/// @param folder the guest image
/// @param method how Realms boot
public record BootSource(Path folder, BootMethod method) {
    private static final char SEPARATOR = '@';

    /// Reads one.
    ///
    /// @throws IllegalArgumentException if there is no such method
    public static BootSource parse(String text) {
        int at = text.lastIndexOf(SEPARATOR);
        return at < 0 || text.indexOf('/', at) >= 0
                ? new BootSource(Path.of(text), BootMethod.DEFAULT)
                : new BootSource(Path.of(text.substring(0, at)), BootMethod.named(text.substring(at + 1)));
    }

    /// Opens what is there.
    ///
    /// @throws dev.realmesh.host.vmm.VmmException.BadImage if a file is missing
    public GuestImage open() {
        return switch (method.first()) {
            case KERNEL -> GuestImage.open(folder);
            case FIRMWARE -> GuestImage.openWithFirmware(folder);
        };
    }

    /// The Realm of this shape that boots so.
    ///
    /// @throws dev.realmesh.host.vmm.VmmException.BadImage if a file is missing
    /// @throws dev.realmesh.host.vmm.plan.PlanException if it cannot be
    public PlannedRealm plan(RealmShape shape) {
        return method.plan(open(), shape);
    }

    /// By which a request names it: the last part of the folder's path, and the method unless it is the usual one.
    public String name() {
        Path absolute = folder.toAbsolutePath().normalize();
        String last = absolute.getName(absolute.getNameCount() - 1).toString();
        return method.equals(BootMethod.DEFAULT) ? last : last + SEPARATOR + method.name();
    }

    /// The folder with the reference values of Realms of the default shape that boot so, as the image's build left it.
    public Path endorsements() {
        return method.equals(BootMethod.DEFAULT) ? folder : folder.resolve(method.name());
    }
}
