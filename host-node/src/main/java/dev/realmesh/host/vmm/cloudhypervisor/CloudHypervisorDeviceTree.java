// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.cloudhypervisor;

import static dev.realmesh.host.vmm.devicetree.VirtualDevices.EDGE_RISING;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.LEVEL_HIGH;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.SPI;
import static dev.realmesh.host.vmm.devicetree.VirtualDevices.at;

import dev.realmesh.host.vmm.devicetree.FlatDeviceTree;
import dev.realmesh.host.vmm.devicetree.VirtualDevices;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Board;
import dev.realmesh.host.vmm.devicetree.VirtualDevices.Initrd;
import dev.realmesh.host.vmm.plan.Blob;
import java.util.Optional;
import java.util.stream.IntStream;

/// The device tree of Cloud Hypervisor's machine as `realm-measurements` generates it and `cloud-hypervisor --dtb`
/// loads
/// it. Node and property order count.
final class CloudHypervisorDeviceTree {
    private static final int GIC_PHANDLE = 1;
    private static final int ITS_PHANDLE = 2;
    private static final int CLOCK_PHANDLE = 3;
    private static final long DISTRIBUTOR_BASE = 0x08ff_0000;
    private static final long DISTRIBUTOR_SIZE = 0x1_0000;
    private static final long REDISTRIBUTOR_SIZE = 0x2_0000;
    private static final long ITS_SIZE = 0x2_0000;
    private static final long SERIAL_BASE = 0x0900_0000;
    private static final int SERIAL_SPI = 11;
    private static final long CLOCK_BASE = 0x0901_0000;
    private static final int CLOCK_SPI = 8;
    private static final long PCI_CONFIG_BASE = 0x3000_0000;
    private static final long PCI_CONFIG_SIZE = 0x10_0000;

    private CloudHypervisorDeviceTree() {}

    /// The tree of a machine with its initrd there.
    static Blob write(CloudHypervisorMachine machine, Optional<Initrd> initrd) {
        return Blob.of(FlatDeviceTree.write(root -> root(root, machine, initrd)));
    }

    private static void root(FlatDeviceTree tree, CloudHypervisorMachine machine, Optional<Initrd> initrd) {
        VirtualDevices.board(
                tree,
                new Board(
                        CloudHypervisorMachine.RAM_BASE,
                        machine.memoryBytes(),
                        machine.vcpus(),
                        GIC_PHANDLE,
                        machine.bootArguments(),
                        initrd));
        long redistributorsSize = machine.vcpus() * REDISTRIBUTOR_SIZE;
        long redistributors = DISTRIBUTOR_BASE - redistributorsSize;
        long[] regions = {DISTRIBUTOR_BASE, DISTRIBUTOR_SIZE, redistributors, redistributorsSize};
        VirtualDevices.interruptController(tree, GIC_PHANDLE, regions, redistributors - ITS_SIZE, ITS_SIZE);
        VirtualDevices.timer(tree, LEVEL_HIGH);
        VirtualDevices.performanceMonitors(tree);
        VirtualDevices.referenceClock(tree, CLOCK_PHANDLE);
        VirtualDevices.realTimeClock(tree, CLOCK_BASE, CLOCK_PHANDLE, CLOCK_SPI);
        if (machine.serial()) {
            tree.node(at("pl011", SERIAL_BASE), CloudHypervisorDeviceTree::serialPort);
        }
        tree.node(at("pcie", PCI_CONFIG_BASE), CloudHypervisorDeviceTree::pcie);
    }

    private static void serialPort(FlatDeviceTree node) {
        node.text("clock-names", "apb_pclk").wide("reg", SERIAL_BASE, 0x1000).cells("clocks", CLOCK_PHANDLE);
        node.cells("interrupts", SPI, SERIAL_SPI, EDGE_RISING).text("compatible", "arm,pl011", "arm,primecell");
    }

    private static void pcie(FlatDeviceTree node) {
        node.cells("ranges", IntStream.concat(lowWindows(), highWindow()).toArray());
        node.wide("reg", PCI_CONFIG_BASE, PCI_CONFIG_SIZE).cells("msi-map", 0, ITS_PHANDLE, 0, 0x100);
        node.flag("dma-coherent").cells("bus-range", 0, 0).cells("linux,pci-domain", 0);
        node.cells("#size-cells", 2).cells("#address-cells", 3);
        node.text("device_type", "pci").text("compatible", "pci-host-ecam-generic");
    }

    private static IntStream lowWindows() {
        return IntStream.concat(
                IntStream.of(VirtualDevices.PCI_PORTS, 0, 0, 0, 0x0905_0000, 0, 0x1_0000),
                IntStream.of(VirtualDevices.PCI_MEMORY, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x2000_0000));
    }

    private static IntStream highWindow() {
        return IntStream.of(VirtualDevices.PCI_MEMORY_64, 2, 0, 2, 0, 0x3ffd, 0);
    }
}
