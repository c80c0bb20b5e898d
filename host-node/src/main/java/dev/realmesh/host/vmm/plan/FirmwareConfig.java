// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What QEMU hands to its guest's firmware by the fw_cfg device (QEMU, `docs/specs/fw_cfg.rst`). Nothing of it counts
/// in the RIM: the host gives it while the Realm runs, and firmware measures what it takes.
///
/// @param base IPA of the device's registers
/// @param items what it holds, by key
public record FirmwareConfig(long base, Map<Integer, Blob> items) {
    private static final int SIGNATURE = 0x00;
    private static final int FEATURES = 0x01;
    private static final int KERNEL_SIZE = 0x08;
    private static final int INITRD_SIZE = 0x0b;
    private static final int KERNEL_DATA = 0x11;
    private static final int INITRD_DATA = 0x12;
    private static final int COMMAND_LINE_SIZE = 0x14;
    private static final int COMMAND_LINE_DATA = 0x15;

    /// Registers and DMA.
    private static final int ALL_FEATURES = 3;

    public FirmwareConfig {
        items = Map.copyOf(items);
    }

    /// What QEMU has there of `-kernel`, `-initrd` and `-append`.
    ///
    /// @param initrd the initrd; an empty blob: none
    public static FirmwareConfig of(long base, Blob kernel, Blob initrd, String commandLine) {
        Blob text = Blob.of((commandLine + '\0').getBytes(StandardCharsets.UTF_8));
        return new FirmwareConfig(
                base,
                Map.of(
                        SIGNATURE, Blob.of("QEMU".getBytes(StandardCharsets.US_ASCII)),
                        FEATURES, number(ALL_FEATURES),
                        KERNEL_SIZE, number(kernel.size()),
                        KERNEL_DATA, kernel,
                        INITRD_SIZE, number(initrd.size()),
                        INITRD_DATA, initrd,
                        COMMAND_LINE_SIZE, number(text.size()),
                        COMMAND_LINE_DATA, text));
    }

    private static Blob number(long value) {
        return Blob.of(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) value)
                .array());
    }
}
