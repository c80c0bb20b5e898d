// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.kvmtool;

import static dev.realmesh.host.vmm.devicetree.VirtualDevices.EDGE_RISING;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.LEVEL_HIGH;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.LEVEL_LOW;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.SPI;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.at;

import dev.realmesh.host.vmm.devicetree.FlatDeviceTree;
import dev.realmesh.host.vmm.devicetree.VirtualDevices;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Board;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Initrd;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.PlanException;
import java.util.Optional;
import java.util.stream.IntStream;

/// The device tree of kvmtool's machine as `realm-measurements` generates it and `lkvm run --dtb` loads it. Node and
/// property order count.
final class KvmtoolDeviceTree {
    /// Bytes that the tree takes in the guest, zero after its end.
    static final int SIZE = 64 << 10;

    private static final int GIC_PHANDLE = 1;
    private static final int ITS_PHANDLE = 2;
    private static final long DISTRIBUTOR_BASE = 0x3fff_0000;
    private static final long DISTRIBUTOR_SIZE = 0x1_0000;
    private static final long REDISTRIBUTOR_SIZE = 0x2_0000;
    private static final long ITS_SIZE = 0x2_0000;
    private static final int SERIAL_PORTS = 4;
    private static final long SERIAL_BASE = 0x0100_0000;
    private static final long SERIAL_STRIDE = 0x1000;
    private static final int SERIAL_CLOCK = 1_843_200;
    private static final long VIRTIO_BASE = 0x0300_0000;
    private static final long VIRTIO_SIZE = 0x200;
    private static final int VIRTIO_FIRST_SPI = 4;
    private static final long CLOCK_BASE = 0x0101_0000;
    private static final long PCI_CONFIG_BASE = 0x4000_0000;
    private static final long PCI_CONFIG_SIZE = 0x1000_0000;
    private static final int PCI_SLOTS = 32;
    private static final int PCI_SLOT_STRIDE = 0x800;
    private static final int PCI_FIRST_SPI = 64;

    private final KvmtoolMachine machine;
    private final Optional<Initrd> initrd;
    private final Optional<Range> eventLog;

    private KvmtoolDeviceTree(KvmtoolMachine machine, Optional<Initrd> initrd, Optional<Range> eventLog) {
        this.machine = machine;
        this.initrd = initrd;
        this.eventLog = eventLog;
    }

    /// The tree of a machine with its initrd and its log of events there.
    static Blob write(KvmtoolMachine machine, Optional<Initrd> initrd, Optional<Range> eventLog) {
        byte[] tree = FlatDeviceTree.write(new KvmtoolDeviceTree(machine, initrd, eventLog)::root);
        if (tree.length > SIZE) {
            throw new PlanException.BadMachine(
                    "device tree of %d bytes (expected: at most %d in kvmtool)".formatted(tree.length, SIZE));
        }
        return Blob.of(tree).padTo(SIZE);
    }

    private void root(FlatDeviceTree tree) {
        VirtualDevices.board(
                tree,
                new Board(
                        KvmtoolMachine.RAM_BASE,
                        machine.memoryBytes(),
                        machine.vcpus(),
                        GIC_PHANDLE,
                        Optional.of(machine.bootArguments()),
                        initrd));
        tree.node("intc", this::interruptController);
        eventLog.ifPresent(log -> tree.node("reserved-memory", node -> reservedMemory(node, log)));
        VirtualDevices.timer(tree, LEVEL_LOW);
        if (machine.hasPmu()) {
            VirtualDevices.performanceMonitors(tree);
        }
        IntStream.range(0, SERIAL_PORTS).forEach(i -> serialPort(tree, i));
        IntStream.range(0, machine.mmioDevices()).forEach(i -> virtio(tree, i));
        tree.node(
                at("rtc", CLOCK_BASE),
                node -> node.text("compatible", "motorola,mc146818").wide("reg", CLOCK_BASE, 2));
        tree.node(at("pci", PCI_CONFIG_BASE), this::pci);
    }

    private void interruptController(FlatDeviceTree node) {
        long redistributorsSize = machine.vcpus() * REDISTRIBUTOR_SIZE;
        long redistributors = DISTRIBUTOR_BASE - redistributorsSize;
        node.text("compatible", "arm,gic-v3").cells("#interrupt-cells", 3).flag("interrupt-controller");
        node.wide("reg", DISTRIBUTOR_BASE, DISTRIBUTOR_SIZE, redistributors, redistributorsSize);
        node.cells("phandle", GIC_PHANDLE);
        node.cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges");
        if (machine.its()) {
            node.node(
                    "msic",
                    its -> its.text("compatible", "arm,gic-v3-its")
                            .flag("msi-controller")
                            .cells("phandle", ITS_PHANDLE)
                            .wide("reg", redistributors - ITS_SIZE, ITS_SIZE));
        }
    }

    private static void reservedMemory(FlatDeviceTree node, Range log) {
        node.cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges");
        node.node(
                at("event-log", log.base()),
                child -> child.text("compatible", "cc-event-log").wide("reg", log.base(), log.top() - log.base()));
    }

    private static void serialPort(FlatDeviceTree tree, int index) {
        long base = SERIAL_BASE + index * SERIAL_STRIDE;
        tree.node(
                at("U6_16550A", base),
                node -> node.text("compatible", "ns16550a")
                        .wide("reg", base, 8)
                        .cells("interrupts", SPI, index, LEVEL_HIGH)
                        .cells("clock-frequency", SERIAL_CLOCK));
    }

    private static void virtio(FlatDeviceTree tree, int index) {
        long base = VIRTIO_BASE + index * VIRTIO_SIZE;
        tree.node(
                at("virtio", base),
                node -> node.text("compatible", "virtio,mmio")
                        .wide("reg", base, VIRTIO_SIZE)
                        .flag("dma-coherent")
                        .cells("interrupts", SPI, VIRTIO_FIRST_SPI + index, EDGE_RISING));
    }

    private void pci(FlatDeviceTree node) {
        node.text("device_type", "pci").cells("#address-cells", 3).cells("#size-cells", 2);
        node.flag("dma-coherent").cells("bus-range", 0, 0).text("compatible", "pci-host-ecam-generic");
        node.wide("reg", PCI_CONFIG_BASE, PCI_CONFIG_SIZE);
        node.cells("ranges", IntStream.concat(ports(), memory()).toArray());
        node.cells("interrupt-map", pciInterrupts()).cells("interrupt-map-mask", 0xf800, 0, 0, 7);
        node.cells("#interrupt-cells", 1);
        if (machine.its()) {
            node.cells("msi-map", 0, ITS_PHANDLE, 0, 0x1_0000);
        }
    }

    private static IntStream ports() {
        return IntStream.of(VirtualDevices.PCI_PORTS, 0, 0, 0, 0, 0, 0x1_0000);
    }

    private static IntStream memory() {
        return IntStream.of(VirtualDevices.PCI_MEMORY, 0, 0x5000_0000, 0, 0x5000_0000, 0, 0x3000_0000);
    }

    /// Pin A of each slot has an SPI of its own: {device, 0, 0, pin} → {GIC, 0, 0, SPI, level}.
    private static int[] pciInterrupts() {
        return IntStream.range(0, PCI_SLOTS)
                .flatMap(slot -> IntStream.of(
                        slot * PCI_SLOT_STRIDE, 0, 0, 1, GIC_PHANDLE, 0, 0, SPI, PCI_FIRST_SPI + slot, LEVEL_HIGH))
                .toArray();
    }
}
