// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootOperation;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import dev.realmesh.host.vmm.plan.VmmVectors;
import dev.realmesh.testkit.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Plans of QEMU's direct kernel boot against `realm-measurements`' own, from `rmm/rim-vmm.json`.
class QemuPlanTest {
    private static final Map<String, String> ROLES =
            Map.of("kernel", "kernel", "initrd", "initrd", "device tree", "dtb");

    @ParameterizedTest
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#qemuKernelBoots")
    void writesTheDeviceTreeByteForByte(String name) {
        byte[] expected = Vectors.bytes("rmm/dtb/" + name + ".dtb");

        LoadData deviceTree = load(VmmVectors.plan(name), "device tree");

        byte[] written = new byte[(int) deviceTree.blob().size()];
        deviceTree.blob().readPage(0, written);
        assertThat(written).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.host.vmm.plan.VmmVectors#qemuKernelBoots")
    void doesTheSameOperationsInTheSameOrder(String name) {
        BootPlan plan = VmmVectors.plan(name);
        JsonNode vector = VmmVectors.named(name);

        assertThat(plan.operations().stream()
                        .filter(operation -> !(operation instanceof CreateRec rec) || rec.runnable())
                        .map(QemuPlanTest::describe)
                        .toList())
                .isEqualTo(expectedOperations(vector));
        assertThat(plan.geometry().startLevel())
                .isEqualTo(vector.get("rttStartLevel").intValue());
        assertThat(plan.geometry().startTables())
                .isEqualTo(vector.get("rttStartTables").intValue());
    }

    private static List<String> expectedOperations(JsonNode vector) {
        List<String> operations = new ArrayList<>();
        for (JsonNode operation : vector.get("operations")) {
            switch (operation.get("op").stringValue()) {
                case "REALM_CREATE" -> {}
                case "INIT_RIPAS" ->
                    operations.add("ripas %s %s".formatted(text(operation, "base"), text(operation, "top")));
                case "DATA_CREATE" ->
                    operations.add("%s %s to %s at %s"
                            .formatted(
                                    text(operation, "blob"),
                                    text(operation, "base"),
                                    text(operation, "top"),
                                    text(operation, "loadAddress")));
                case "REC_CREATE" ->
                    operations.add("rec pc %s x0 %s"
                            .formatted(
                                    text(operation, "pc"),
                                    operation.get("gprs").get(0).stringValue()));
                default -> throw new IllegalArgumentException(operation.toString());
            }
        }
        return operations;
    }

    private static String text(JsonNode operation, String field) {
        return operation.get(field).stringValue();
    }

    private static String describe(BootOperation operation) {
        return switch (operation) {
            case InitRipas ripas -> "ripas 0x%x 0x%x".formatted(ripas.base(), ripas.top());
            case LoadData data ->
                "%s 0x%x to 0x%x at 0x%x"
                        .formatted(ROLES.get(data.name()), data.base(), data.top(), data.loadAddress());
            case CreateRec rec ->
                "rec pc 0x%x x0 0x%x".formatted(rec.pc(), rec.registers().get(0));
        };
    }

    private static LoadData load(BootPlan plan, String name) {
        return plan.operations().stream()
                .filter(operation ->
                        operation instanceof LoadData data && data.name().equals(name))
                .map(LoadData.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void refusesAnInitrdThatMemoryCannotHold() {
        QemuMachine machine = machine(128);
        Blob initrd = Blob.of(new byte[65 << 20]);

        assertThatThrownBy(() -> QemuPlan.directBoot(machine, kernel(4096), initrd))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessage("initrd: ends at 0x48100000 (expected: at most 0x48000000, the end of the Realm's memory)");
    }

    @Test
    void refusesAKernelThatMemoryCannotHold() {
        assertThatThrownBy(() -> QemuPlan.directBoot(machine(128), kernel(129 << 20), Blob.empty()))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessageStartingWith("kernel: ends at 0x48100000");
    }

    @Test
    void refusesADeviceTreeThatMemoryCannotHold() {
        Blob initrd = Blob.of(new byte[64 << 20]);

        assertThatThrownBy(() -> QemuPlan.directBoot(machine(128), kernel(4096), initrd))
                .isInstanceOf(PlanException.DoesNotFit.class)
                .hasMessageStartingWith("device tree: ends at");
    }

    @Test
    void refusesAFileWithoutKernelHeader() {
        assertThatThrownBy(() -> KernelImage.read(Blob.of(new byte[63])))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessage("kernel: 63 bytes (expected: at least a 64-byte arm64 Image header)");
        assertThatThrownBy(() -> KernelImage.read(Blob.of(new byte[4096])))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessageContaining("0x644d5241, an arm64 Image header");
    }

    @Test
    void refusesAKernelThatIsLongerThanItSays() {
        assertThatThrownBy(() -> kernel(4095))
                .isInstanceOf(PlanException.BadKernel.class)
                .hasMessage("kernel: image_size 4095 (expected: at least the file's 4096 bytes)");
    }

    @Test
    void refusesMachinesThatCannotBe() {
        assertThatThrownBy(() -> machine(0)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> machine(256 << 10)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> new VirtualCpu(6, 4, 100, true, 6)).isInstanceOf(PlanException.BadMachine.class);
        assertThatThrownBy(() -> new VirtualCpu(6, 4, 128, false, 1)).isInstanceOf(PlanException.BadMachine.class);
    }

    private static QemuMachine machine(long mib) {
        return new QemuMachine(mib << 20, 1, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_256, "");
    }

    private static KernelImage kernel(long imageSize) {
        byte[] file = ByteBuffer.allocate(4096)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16, imageSize)
                .putInt(56, KernelImage.MAGIC)
                .array();
        return KernelImage.read(Blob.of(file));
    }
}
