// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import dev.realmesh.host.vmm.devicetree.FlatDeviceTree;
import dev.realmesh.host.vmm.plan.Blob;
import java.util.stream.IntStream;

/// The device tree of QEMU's `virt` machine as `realm-measurements` generates it and `qemu -dtb` loads it: real QEMU
/// writes one that depends on its host, so what can be measured in advance is this one. Node and property order count.
final class QemuDeviceTree {
    private static final int CLOCK_PHANDLE = 0x8000;
    private static final int VIRTIO_DEVICES = 32;
    private static final int VIRTIO_BASE = 0x0a00_0000;
    private static final int VIRTIO_STRIDE = 0x200;
    private static final int VIRTIO_FIRST_SPI = 16;
    private static final int PCI_FIRST_SPI = 3;
    private static final int PCI_SLOTS = 4;
    private static final int PCI_PINS = 4;
    private static final int PCI_DEVICE_STRIDE = 0x800;
    private static final int SPI = 0;
    private static final int PPI = 1;
    private static final int EDGE_RISING = 1;
    private static final int LEVEL_HIGH = 4;

    private final QemuMachine machine;
    private final long initrdStart;
    private final long initrdEnd;
    private final int gicPhandle;
    private final int itsPhandle;

    private QemuDeviceTree(QemuMachine machine, long initrdStart, long initrdEnd) {
        this.machine = machine;
        this.initrdStart = initrdStart;
        this.initrdEnd = initrdEnd;
        this.gicPhandle = CLOCK_PHANDLE + machine.vcpus() + 1;
        this.itsPhandle = gicPhandle + 1;
    }

    /// The tree of a machine with its initrd in `[initrdStart, initrdEnd)`; an empty range says that there is none.
    static Blob write(QemuMachine machine, long initrdStart, long initrdEnd) {
        return Blob.of(FlatDeviceTree.write(new QemuDeviceTree(machine, initrdStart, initrdEnd)::root));
    }

    private void root(FlatDeviceTree tree) {
        tree.text("compatible", "linux,dummy-virt");
        tree.text("model", "linux,dummy-virt-realm");
        tree.cells("#address-cells", 2).cells("#size-cells", 2);
        tree.cells("interrupt-parent", gicPhandle);
        tree.node("chosen", this::chosen);
        tree.node("memory@" + Long.toHexString(QemuMachine.RAM_BASE), this::memory);
        tree.node("cpus", this::cpus);
        tree.node("psci", QemuDeviceTree::psci);
        tree.node("platform-bus@c000000", this::platformBus);
        tree.node("fw-cfg@9020000", QemuDeviceTree::firmwareConfig);
        IntStream.range(0, VIRTIO_DEVICES).forEach(i -> virtio(tree, i));
        tree.node("pcie@10000000", this::pcie);
        tree.node("pl031@9010000", QemuDeviceTree::clock);
        tree.node("pl011@9000000", QemuDeviceTree::console);
        if (machine.cpu().pmu()) {
            tree.node("pmu", QemuDeviceTree::pmu);
        }
        tree.node("intc@8000000", this::interruptController);
        tree.node("timer", QemuDeviceTree::timer);
        tree.node("apb-pclk", QemuDeviceTree::referenceClock);
    }

    private void chosen(FlatDeviceTree node) {
        if (!machine.commandLine().isEmpty()) {
            node.text("bootargs", machine.commandLine());
        }
        if (initrdEnd > initrdStart) {
            node.wide("linux,initrd-start", initrdStart).wide("linux,initrd-end", initrdEnd);
        }
    }

    private void memory(FlatDeviceTree node) {
        node.text("device_type", "memory").wide("reg", QemuMachine.RAM_BASE, machine.memoryBytes());
    }

    private void cpus(FlatDeviceTree node) {
        node.cells("#size-cells", 0).cells("#address-cells", 1);
        IntStream.range(0, machine.vcpus())
                .forEach(i -> node.node(
                        "cpu@" + Integer.toHexString(i),
                        cpu -> cpu.cells("reg", i)
                                .text("enable-method", "psci")
                                .text("compatible", "arm,armv8")
                                .text("device_type", "cpu")));
    }

    private static void psci(FlatDeviceTree node) {
        node.cells("cpu_on", 0xc400_0003).cells("cpu_off", 0x8400_0002);
        node.text("method", "smc").text("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci");
    }

    private void platformBus(FlatDeviceTree node) {
        node.cells("interrupt-parent", gicPhandle).cells("ranges", 0, 0, 0x0c00_0000, 0x0200_0000);
        node.cells("#address-cells", 1).cells("#size-cells", 1);
        node.text("compatible", "qemu,platform", "simple-bus");
    }

    private static void firmwareConfig(FlatDeviceTree node) {
        node.flag("dma-coherent").wide("reg", 0x0902_0000, 0x18).text("compatible", "qemu,fw-cfg-mmio");
    }

    private static void virtio(FlatDeviceTree tree, int index) {
        int base = VIRTIO_BASE + index * VIRTIO_STRIDE;
        tree.node(
                "virtio_mmio@" + Integer.toHexString(base),
                node -> node.flag("dma-coherent")
                        .cells("interrupts", SPI, VIRTIO_FIRST_SPI + index, EDGE_RISING)
                        .wide("reg", base, VIRTIO_STRIDE)
                        .text("compatible", "virtio,mmio"));
    }

    private void pcie(FlatDeviceTree node) {
        node.cells("interrupt-map", pciInterrupts()).cells("interrupt-map-mask", 0x1800, 0, 0, 7);
        node.cells("#interrupt-cells", 1);
        node.cells(
                "ranges",
                0x0100_0000,
                0,
                0,
                0,
                0x3eff_0000,
                0,
                0x1_0000,
                0x0200_0000,
                0,
                0x1000_0000,
                0,
                0x1000_0000,
                0,
                0x2eff_0000,
                0x0300_0000,
                0x80,
                0,
                0x80,
                0,
                0x80,
                0);
        node.wide("reg", 0x40_1000_0000L, 0x1000_0000).cells("msi-map", 0, itsPhandle, 0, 0x1_0000);
        node.flag("dma-coherent").cells("bus-range", 0, 0xff).cells("linux,pci-domain", 0);
        node.cells("#size-cells", 2).cells("#address-cells", 3);
        node.text("device_type", "pci").text("compatible", "pci-host-ecam-generic");
    }

    /// Pins of four slots, rotated over four SPIs: {device, 0, 0, pin} → {GIC, 0, 0, SPI, level}.
    private int[] pciInterrupts() {
        return IntStream.range(0, PCI_SLOTS * PCI_PINS)
                .flatMap(i -> {
                    int slot = i / PCI_PINS;
                    int pin = i % PCI_PINS;
                    int spi = PCI_FIRST_SPI + (slot + pin) % PCI_PINS;
                    return IntStream.of(
                            slot * PCI_DEVICE_STRIDE, 0, 0, pin + 1, gicPhandle, 0, 0, SPI, spi, LEVEL_HIGH);
                })
                .toArray();
    }

    private static void clock(FlatDeviceTree node) {
        node.text("clock-names", "apb_pclk").wide("reg", 0x0901_0000, 0x1000).cells("clocks", CLOCK_PHANDLE);
        node.cells("interrupts", SPI, 2, LEVEL_HIGH).text("compatible", "arm,pl031", "arm,primecell");
    }

    private static void console(FlatDeviceTree node) {
        node.text("clock-names", "uartclk", "apb_pclk").wide("reg", 0x0900_0000, 0x1000);
        node.cells("clocks", CLOCK_PHANDLE, CLOCK_PHANDLE).cells("interrupts", SPI, 1, LEVEL_HIGH);
        node.text("compatible", "arm,pl011", "arm,primecell");
    }

    private static void pmu(FlatDeviceTree node) {
        node.cells("interrupts", PPI, 7, LEVEL_HIGH).text("compatible", "arm,armv8-pmuv3");
    }

    private void interruptController(FlatDeviceTree node) {
        node.cells("phandle", gicPhandle).wide("reg", 0x0800_0000, 0x1_0000, 0x080a_0000, 0x00f6_0000);
        node.cells("#redistributor-regions", 1).text("compatible", "arm,gic-v3").flag("ranges");
        node.cells("#size-cells", 2).cells("#address-cells", 2);
        node.flag("interrupt-controller").cells("#interrupt-cells", 3);
        node.node(
                "its@8080000",
                its -> its.cells("phandle", itsPhandle)
                        .wide("reg", 0x0808_0000, 0x2_0000)
                        .cells("#msi-cells", 1)
                        .flag("msi-controller")
                        .text("compatible", "arm,gic-v3-its"));
    }

    private static void timer(FlatDeviceTree node) {
        node.cells("interrupts", PPI, 13, LEVEL_HIGH, PPI, 14, LEVEL_HIGH, PPI, 11, LEVEL_HIGH);
        node.flag("always-on").text("compatible", "arm,armv8-timer", "arm,armv7-timer");
    }

    private static void referenceClock(FlatDeviceTree node) {
        node.cells("phandle", CLOCK_PHANDLE).text("clock-output-names", "clk24mhz");
        node.cells("clock-frequency", 24_000_000).cells("#clock-cells", 0).text("compatible", "fixed-clock");
    }
}
