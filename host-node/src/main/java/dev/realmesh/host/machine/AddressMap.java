// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.List;

/// What a machine has where, and the granule protection that its firmware starts with.
///
/// @param regions all regions, ascending and disjoint; what lies between them is not there
public record AddressMap(List<Region> regions) {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    /// A part of the address space.
    ///
    /// @param name what it is
    /// @param range where it is
    /// @param protection what the granule protection table says at reset
    /// @param kind what answers there
    public record Region(String name, MemoryRange range, Gpi protection, Kind kind) {}

    /// What answers in a region.
    public enum Kind {
        /// Memory that the machine emulates.
        DRAM,
        /// Flash, secure RAM or device registers, which nothing here reads or writes.
        OTHER
    }

    public AddressMap {
        regions = List.copyOf(regions);
        for (int i = 1; i < regions.size(); i++) {
            if (regions.get(i - 1)
                            .range()
                            .end()
                            .compareTo(regions.get(i).range().base())
                    > 0) {
                throw new IllegalArgumentException(
                        "regions: " + regions.get(i).name() + " overlaps the one before (expected: disjoint)");
            }
        }
    }

    /// QEMU's `virt` machine with RME, as TF-A divides it: secure RAM for EL3 and the trusted world, 24 MiB for the
    /// RMM, the rest of DRAM for the host.
    ///
    /// @param hostDram bytes of DRAM that the host starts with, whole granules
    public static AddressMap qemuVirt(long hostDram) {
        return new AddressMap(List.of(
                other("flash", 0, 128 * MIB, Gpi.ANY),
                other("interrupt controller", 0x0800_0000L, 16 * MIB, Gpi.ANY),
                other("UART", 0x0900_0000L, 64 * KIB, Gpi.ANY),
                other("real-time clock", 0x0901_0000L, 64 * KIB, Gpi.ANY),
                other("firmware configuration", 0x0902_0000L, 64 * KIB, Gpi.ANY),
                other("GPIO", 0x0903_0000L, 64 * KIB, Gpi.ANY),
                other("secure UART", 0x0904_0000L, 64 * KIB, Gpi.ANY),
                other("SMMU", 0x0905_0000L, 128 * KIB, Gpi.ANY),
                other("virtio", 0x0A00_0000L, 32 * KIB, Gpi.ANY),
                other("shared mailbox", 0x0E00_0000L, 4 * KIB, Gpi.ANY),
                other("EL3", 0x0E00_1000L, MIB - 4 * KIB, Gpi.ROOT),
                other("trusted world", 0x0E10_0000L, 0xCF_C000L, Gpi.SECURE),
                other("granule protection tables", 0x0EDF_C000L, 0x20_4000L, Gpi.ROOT),
                other("PCIe memory", 0x1000_0000L, 0x2F00_0000L, Gpi.ANY),
                other("PCIe configuration", 0x3F00_0000L, 16 * MIB, Gpi.ANY),
                dram("device tree", 0x4000_0000L, MIB, Gpi.NON_SECURE),
                dram("RMM", 0x4010_0000L, 24 * MIB, Gpi.REALM),
                dram("host", 0x4190_0000L, hostDram, Gpi.NON_SECURE)));
    }

    /// QEMU's `sbsa-ref` machine with RME, as TF-A divides it: secure RAM for the trusted world and EL3, 1072 MiB for
    /// the RMM, the rest of DRAM for the host.
    ///
    /// @param hostDram bytes of DRAM that the host starts with, whole granules
    public static AddressMap qemuSbsaRef(long hostDram) {
        return new AddressMap(List.of(
                other("secure flash", 0, 256 * MIB, Gpi.ANY),
                other("flash", 0x1000_0000L, 256 * MIB, Gpi.ANY),
                other("shared mailbox", 0x2000_0000L, 8 * KIB, Gpi.ANY),
                other("trusted world", 0x2000_2000L, 0x17BA_7000L, Gpi.SECURE),
                other("EL3", 0x37BA_9000L, 0x42_F000L, Gpi.ROOT),
                other("granule protection tables", 0x37FD_8000L, 0x802_8000L, Gpi.ROOT),
                other("interrupt distributor", 0x4006_0000L, 64 * KIB, Gpi.ANY),
                other("interrupt redistributors", 0x4008_0000L, 0x400_0000L, Gpi.ANY),
                other("interrupt translation", 0x4408_1000L, 128 * KIB, Gpi.ANY),
                other("secure embedded controller", 0x5000_0000L, 4 * KIB, Gpi.ANY),
                other("UART", 0x6000_0000L, 4 * KIB, Gpi.ANY),
                other("real-time clock", 0x6001_0000L, 4 * KIB, Gpi.ANY),
                other("GPIO", 0x6002_0000L, 4 * KIB, Gpi.ANY),
                other("secure UART", 0x6003_0000L, 4 * KIB, Gpi.ANY),
                other("SMMU", 0x6005_0000L, 128 * KIB, Gpi.ANY),
                other("PCIe memory", 0x8000_0000L, 0x7000_0000L, Gpi.ANY),
                other("PCIe configuration", 0xF000_0000L, 256 * MIB, Gpi.ANY),
                other("PCIe high memory", 0x1_0000_0000L, 0xFF_0000_0000L, Gpi.ANY),
                dram("RMM", 0x100_0000_0000L, 0x4300_0000L, Gpi.REALM),
                dram("host", 0x100_4300_0000L, hostDram, Gpi.NON_SECURE)));
    }

    /// DRAM that is the host's at reset and may be delegated.
    public MemoryRange hostDram() {
        return regions.stream()
                .filter(region -> region.kind() == Kind.DRAM && region.protection() == Gpi.NON_SECURE)
                .map(Region::range)
                .toList()
                .getLast();
    }

    /// The smallest range that holds all DRAM.
    MemoryRange dram() {
        List<MemoryRange> ranges = regions.stream()
                .filter(region -> region.kind() == Kind.DRAM)
                .map(Region::range)
                .toList();
        PhysicalAddress base = ranges.getFirst().base();
        return new MemoryRange(base, ranges.getLast().end().value() - base.value());
    }

    private static Region other(String name, long base, long size, Gpi protection) {
        return new Region(name, new MemoryRange(new PhysicalAddress(base), size), protection, Kind.OTHER);
    }

    private static Region dram(String name, long base, long size, Gpi protection) {
        return new Region(name, new MemoryRange(new PhysicalAddress(base), size), protection, Kind.DRAM);
    }
}
