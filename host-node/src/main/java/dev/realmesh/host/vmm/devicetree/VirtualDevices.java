// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.devicetree;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// The nodes that the generated trees of all monitors share. The order of nodes and properties counts: the bytes are
/// those of `realm-measurements`.
public final class VirtualDevices {
    /// Kind of an interrupt that is shared by the processors.
    public static final int SPI = 0;
    /// Kind of an interrupt that each processor has of its own.
    public static final int PPI = 1;
    /// How an interrupt is raised.
    public static final int EDGE_RISING = 1;
    /// How an interrupt is raised.
    public static final int LEVEL_HIGH = 4;
    /// How an interrupt is raised.
    public static final int LEVEL_LOW = 8;
    /// Window of a PCI bus: ports.
    public static final int PCI_PORTS = 0x0100_0000;
    /// Window of a PCI bus: 32-bit memory.
    public static final int PCI_MEMORY = 0x0200_0000;
    /// Window of a PCI bus: 64-bit memory.
    public static final int PCI_MEMORY_64 = 0x0300_0000;

    private static final int[] TIMER_PPIS = {13, 14, 11};
    private static final int PMU_PPI = 7;

    private VirtualDevices() {}

    /// What a tree says of the machine as a whole.
    ///
    /// @param ramBase IPA of the guest's memory
    /// @param ramBytes its size
    /// @param vcpus processors
    /// @param interruptController phandle of it
    /// @param bootArguments kernel command line, if there is one
    /// @param initrd where the initrd is, if there is one
    public record Board(
            long ramBase,
            long ramBytes,
            int vcpus,
            int interruptController,
            Optional<String> bootArguments,
            Optional<Initrd> initrd) {}

    /// Where the initrd is.
    ///
    /// @param start IPA of its first byte
    /// @param end the one after its last
    public record Initrd(long start, long end) {}

    /// Everything until the devices.
    public static void board(FlatDeviceTree root, Board board) {
        root.text("compatible", "linux,dummy-virt").text("model", "linux,dummy-virt-realm");
        root.cells("#address-cells", 2).cells("#size-cells", 2);
        root.cells("interrupt-parent", board.interruptController());
        root.node("chosen", node -> {
            board.bootArguments().ifPresent(arguments -> node.text("bootargs", arguments));
            board.initrd()
                    .ifPresent(initrd ->
                            node.wide("linux,initrd-start", initrd.start()).wide("linux,initrd-end", initrd.end()));
        });
        root.node(
                at("memory", board.ramBase()),
                node -> node.text("device_type", "memory").wide("reg", board.ramBase(), board.ramBytes()));
        root.node("cpus", node -> processors(node, board.vcpus()));
        root.node("psci", VirtualDevices::psci);
    }

    /// Name of a node at an address.
    public static String at(String name, long address) {
        return name + "@" + Long.toHexString(address);
    }

    private static void processors(FlatDeviceTree node, int vcpus) {
        node.cells("#size-cells", 0).cells("#address-cells", 1);
        IntStream.range(0, vcpus)
                .forEach(i -> node.node(
                        "cpu@" + i,
                        cpu -> cpu.cells("reg", i)
                                .text("enable-method", "psci")
                                .text("compatible", "arm,armv8")
                                .text("device_type", "cpu")));
    }

    private static void psci(FlatDeviceTree node) {
        node.cells("cpu_on", 0xc400_0003).cells("cpu_off", 0x8400_0002);
        node.text("method", "smc").text("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci");
    }

    /// The GICv3 of QEMU and Cloud Hypervisor.
    ///
    /// @param phandle of the controller; its ITS has the next one
    /// @param regions base and size of the distributor, then of each redistributor region
    /// @param its base and size of the ITS; nothing without one
    public static void interruptController(FlatDeviceTree root, int phandle, long[] regions, long... its) {
        root.node(at("intc", regions[0]), node -> {
            node.cells("phandle", phandle).wide("reg", regions);
            node.cells("#redistributor-regions", regions.length / 2 - 1).text("compatible", "arm,gic-v3");
            node.flag("ranges").cells("#size-cells", 2).cells("#address-cells", 2);
            node.flag("interrupt-controller").cells("#interrupt-cells", 3);
            if (its.length > 0) {
                node.node(
                        at("its", its[0]),
                        child -> child.cells("phandle", phandle + 1)
                                .wide("reg", its)
                                .cells("#msi-cells", 1)
                                .flag("msi-controller")
                                .text("compatible", "arm,gic-v3-its"));
            }
        });
    }

    /// The architected timer.
    ///
    /// @param trigger how its interrupts are raised
    public static void timer(FlatDeviceTree root, int trigger) {
        int[] interrupts = Arrays.stream(TIMER_PPIS)
                .flatMap(ppi -> IntStream.of(PPI, ppi, trigger))
                .toArray();
        root.node(
                "timer",
                node -> node.cells("interrupts", interrupts)
                        .flag("always-on")
                        .text("compatible", "arm,armv8-timer", "arm,armv7-timer"));
    }

    /// The performance monitors.
    public static void performanceMonitors(FlatDeviceTree root) {
        root.node(
                "pmu",
                node -> node.cells("interrupts", PPI, PMU_PPI, LEVEL_HIGH).text("compatible", "arm,armv8-pmuv3"));
    }

    /// The clock that the devices of QEMU and Cloud Hypervisor run by.
    public static void referenceClock(FlatDeviceTree root, int phandle) {
        root.node(
                "apb-pclk",
                node -> node.cells("phandle", phandle)
                        .text("clock-output-names", "clk24mhz")
                        .cells("clock-frequency", 24_000_000)
                        .cells("#clock-cells", 0)
                        .text("compatible", "fixed-clock"));
    }

    /// The real-time clock of QEMU and Cloud Hypervisor.
    public static void realTimeClock(FlatDeviceTree root, long base, int clock, int spi) {
        root.node(
                at("pl031", base),
                node -> node.text("clock-names", "apb_pclk")
                        .wide("reg", base, 0x1000)
                        .cells("clocks", clock)
                        .cells("interrupts", SPI, spi, LEVEL_HIGH)
                        .text("compatible", "arm,pl031", "arm,primecell"));
    }
}
