// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import java.util.List;
import java.util.stream.Stream;

/// What a Realm's RIM depends on, besides the guest image.
///
/// @param memoryMib memory in MiB, 256 to 65,536
/// @param vcpus virtual processors, 1 to 16
public record RealmShape(int memoryMib, int vcpus) {
    /// What a host gives a Realm that asks for nothing else, unless it is configured otherwise.
    public static final RealmShape DEFAULT = new RealmShape(512, 1);

    /// [#DEFAULT] and larger ones, up to 8 GiB and four processors: what the build of a guest image makes reference
    /// values of.
    public static final List<RealmShape> USUAL = Stream.of(512, 1024, 2048, 4096, 8192)
            .flatMap(memoryMib -> Stream.of(1, 2, 4).map(vcpus -> new RealmShape(memoryMib, vcpus)))
            .toList();

    private static final int MIN_MEMORY_MIB = 256;
    private static final int MAX_MEMORY_MIB = 65_536;
    private static final int MAX_VCPUS = 16;

    public RealmShape {
        if (memoryMib < MIN_MEMORY_MIB || memoryMib > MAX_MEMORY_MIB) {
            throw new LaunchException.BadRequest(
                    "memory-mib: %d (expected: %d to %d)".formatted(memoryMib, MIN_MEMORY_MIB, MAX_MEMORY_MIB));
        }
        if (vcpus < 1 || vcpus > MAX_VCPUS) {
            throw new LaunchException.BadRequest("vcpus: %d (expected: 1 to %d)".formatted(vcpus, MAX_VCPUS));
        }
    }
}
