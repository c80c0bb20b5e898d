// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Devices of the host that a Realm's processors reach beside memory. Nothing that comes from them is trusted.
///
/// @param devices at most one of each kind
public record RealmDevices(List<Device> devices) {
    /// No devices.
    public static final RealmDevices NONE = new RealmDevices(List.of());

    /// A device.
    public sealed interface Device {
        /// The guarded link: a Unix socket that the host listens on; stands for virtio-vsock.
        record Link(Path socket) implements Device {}

        /// A read-only disk with the initdata.
        record InitdataDisk(Path file) implements Device {}

        /// Takes each line that the guest prints, cut to a few KiB, and why its processor ended.
        record Console(Consumer<String> lines) implements Device {}
    }

    public RealmDevices {
        devices = List.copyOf(devices);
        if (devices.stream().map(Device::getClass).distinct().count() != devices.size()) {
            throw new IllegalArgumentException("devices: one kind twice (expected: at most one of each)");
        }
    }

    /// The guarded link, if attached.
    public Optional<Device.Link> link() {
        return find(Device.Link.class);
    }

    /// The initdata disk, if attached.
    public Optional<Device.InitdataDisk> initdataDisk() {
        return find(Device.InitdataDisk.class);
    }

    /// The console, if attached.
    public Optional<Device.Console> console() {
        return find(Device.Console.class);
    }

    private <T extends Device> Optional<T> find(Class<T> kind) {
        return devices.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
