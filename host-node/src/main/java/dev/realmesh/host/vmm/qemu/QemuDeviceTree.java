// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import static dev.realmesh.host.vmm.devicetree.VirtualDevices.EDGE_RISING;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.LEVEL_HIGH;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.SPI;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.at;

import dev.realmesh.host.vmm.devicetree.FlatDeviceTree;
import dev.realmesh.host.vmm.devicetree.VirtualDevices;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Board;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Initrd;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import java.util.Optional;
import java.util.stream.IntStream;

/// The device tree of QEMU's `virt` machine as `realm-measurements` generates it and `qemu -dtb` loads it: real QEMU
/// writes one that depends on its host, so what can be measured in advance is this one. Node and property order count.
final class QemuDeviceTree {
    static final long FIRMWARE_CONFIG_BASE = 0x0902_0000;

    private static final int CLOCK_PHANDLE = 0x8000;
    private static final int VIRTIO_DEVICES = 32;
    private static final long VIRTIO_BASE = 0x0a00_0000;
    private static final long VIRTIO_STRIDE = 0x200;
    private static final int VIRTIO_FIRST_SPI = 16;
    private static final int PCI_FIRST_SPI = 3;
    private static final int PCI_SLOTS = 4;
    private static final int PCI_PINS = 4;
    private static final int PCI_DEVICE_STRIDE = 0x800;
    private static final long DISTRIBUTOR_BASE = 0x0800_0000;
    private static final long DISTRIBUTOR_SIZE = 0x1_0000;
    private static final long REDISTRIBUTORS_BASE = 0x080a_0000;
    private static final long REDISTRIBUTORS_SIZE = 0x00f6_0000;
    private static final long REDISTRIBUTOR_SIZE = 0x2_0000;
    private static final long ITS_BASE = 0x0808_0000;
    private static final long ITS_SIZE = 0x2_0000;
    private static final long CONSOLE_BASE = 0x0900_0000;
    private static final int CONSOLE_SPI = 1;
    private static final long CLOCK_BASE = 0x0901_0000;
    private static final int CLOCK_SPI = 2;

    private final QemuMachine machine;
    private final Optional<Initrd> initrd;
    private final Optional<Range> eventLog;
    private final int gicPhandle;

    private QemuDeviceTree(QemuMachine machine, Optional<Initrd> initrd, Optional<Range> eventLog) {
        this.machine = machine;
        this.initrd = initrd;
        this.eventLog = eventLog;
        this.gicPhandle = CLOCK_PHANDLE + machine.vcpus() + 1;
    }

    /// The tree of a machine with its initrd and its log of events there.
    static Blob write(QemuMachine machine, Optional<Initrd> initrd, Optional<Range> eventLog) {
        return Blob.of(FlatDeviceTree.write(new QemuDeviceTree(machine, initrd, eventLog)::root));
    }

    private void root(FlatDeviceTree tree) {
        VirtualDevices.board(
                tree,
                new Board(
                        QemuMemoryMap.RAM_BASE,
                        machine.memory().ramBytes(),
                        machine.vcpus(),
                        gicPhandle,
                        machine.bootArguments(),
                        initrd));
        tree.node("platform-bus@c000000", this::platformBus);
        eventLog.ifPresent(log -> tree.node("reserved-memory", node -> reservedMemory(node, log)));
        tree.node("fw-cfg@9020000", QemuDeviceTree::firmwareConfig);
        IntStream.range(0, VIRTIO_DEVICES).forEach(i -> virtio(tree, i));
        tree.node("pcie@10000000", this::pcie);
        VirtualDevices.realTimeClock(tree, CLOCK_BASE, CLOCK_PHANDLE, CLOCK_SPI);
        tree.node(at("pl011", CONSOLE_BASE), QemuDeviceTree::console);
        if (machine.hasPmu()) {
            VirtualDevices.performanceMonitors(tree);
        }
        VirtualDevices.interruptController(tree, gicPhandle, interruptRegions(), its());
        VirtualDevices.timer(tree, LEVEL_HIGH);
        VirtualDevices.referenceClock(tree, CLOCK_PHANDLE);
    }

    private void platformBus(FlatDeviceTree node) {
        node.cells("interrupt-parent", gicPhandle).cells("ranges", 0, 0, 0x0c00_0000, 0x0200_0000);
        node.cells("#address-cells", 1).cells("#size-cells", 1);
        node.text("compatible", "qemu,platform", "simple-bus");
    }

    private static void reservedMemory(FlatDeviceTree node, Range log) {
        node.flag("ranges").cells("#size-cells", 2).cells("#address-cells", 2);
        node.node(
                at("event-log", log.base()),
                child -> child.wide("reg", log.base(), log.top() - log.base()).text("compatible", "cc-event-log"));
    }

    private static void firmwareConfig(FlatDeviceTree node) {
        node.flag("dma-coherent").wide("reg", FIRMWARE_CONFIG_BASE, 0x18).text("compatible", "qemu,fw-cfg-mmio");
    }

    private static void virtio(FlatDeviceTree tree, int index) {
        long base = VIRTIO_BASE + index * VIRTIO_STRIDE;
        tree.node(
                at("virtio_mmio", base),
                node -> node.flag("dma-coherent")
                        .cells("interrupts", SPI, VIRTIO_FIRST_SPI + index, EDGE_RISING)
                        .wide("reg", base, VIRTIO_STRIDE)
                        .text("compatible", "virtio,mmio"));
    }

    private void pcie(FlatDeviceTree node) {
        long memory = machine.memory().highPciMemory();
        node.cells("interrupt-map", pciInterrupts()).cells("interrupt-map-mask", 0x1800, 0, 0, 7);
        node.cells("#interrupt-cells", 1);
        node.cells("ranges", IntStream.concat(lowWindows(), highWindow(memory)).toArray());
        node.wide("reg", machine.memory().highPciConfig(), QemuMemoryMap.HIGH_PCI_CONFIG_SIZE);
        if (machine.its()) {
            node.cells("msi-map", 0, gicPhandle + 1, 0, 0x1_0000);
        }
        node.flag("dma-coherent").cells("bus-range", 0, 0xff).cells("linux,pci-domain", 0);
        node.cells("#size-cells", 2).cells("#address-cells", 3);
        node.text("device_type", "pci").text("compatible", "pci-host-ecam-generic");
    }

    private static IntStream lowWindows() {
        return IntStream.concat(
                IntStream.of(VirtualDevices.PCI_PORTS, 0, 0, 0, 0x3eff_0000, 0, 0x1_0000),
                IntStream.of(VirtualDevices.PCI_MEMORY, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x2eff_0000));
    }

    private static IntStream highWindow(long base) {
        int high = (int) (base >>> Integer.SIZE);
        int low = (int) base;
        return IntStream.of(
                VirtualDevices.PCI_MEMORY_64,
                high,
                low,
                high,
                low,
                (int) (QemuMemoryMap.HIGH_PCI_MEMORY_SIZE >>> Integer.SIZE),
                (int) QemuMemoryMap.HIGH_PCI_MEMORY_SIZE);
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

    private static void console(FlatDeviceTree node) {
        node.text("clock-names", "uartclk", "apb_pclk").wide("reg", CONSOLE_BASE, 0x1000);
        node.cells("clocks", CLOCK_PHANDLE, CLOCK_PHANDLE).cells("interrupts", SPI, CONSOLE_SPI, LEVEL_HIGH);
        node.text("compatible", "arm,pl011", "arm,primecell");
    }

    /// Where the redistributors of many processors do not fit low, there is a second region high up.
    private long[] interruptRegions() {
        if (machine.vcpus() <= REDISTRIBUTORS_SIZE / REDISTRIBUTOR_SIZE) {
            return new long[] {DISTRIBUTOR_BASE, DISTRIBUTOR_SIZE, REDISTRIBUTORS_BASE, REDISTRIBUTORS_SIZE};
        }
        return new long[] {
            DISTRIBUTOR_BASE,
            DISTRIBUTOR_SIZE,
            REDISTRIBUTORS_BASE,
            REDISTRIBUTORS_SIZE,
            machine.memory().highRedistributors(),
            QemuMemoryMap.HIGH_REDISTRIBUTORS_SIZE
        };
    }

    private long[] its() {
        return machine.its() ? new long[] {ITS_BASE, ITS_SIZE} : new long[0];
    }
}
