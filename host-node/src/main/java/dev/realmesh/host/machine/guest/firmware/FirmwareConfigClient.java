// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.host.machine.guest.GuestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// QEMU's fw_cfg device as its guest uses it (`docs/specs/fw_cfg.rst`): small items by its registers, large ones by DMA
/// through memory that Realm and host share. What comes from it is the host's, and nothing is done with it before it is
/// in the Realm's own memory.
final class FirmwareConfigClient {
    /// Keys of what a boot loader finds there.
    static final int KERNEL_SIZE = 0x08;

    static final int KERNEL_DATA = 0x11;
    static final int INITRD_SIZE = 0x0b;
    static final int INITRD_DATA = 0x12;
    static final int COMMAND_LINE_SIZE = 0x14;
    static final int COMMAND_LINE_DATA = 0x15;

    private static final int SIGNATURE = 0x00;
    private static final int FEATURES = 0x01;
    private static final int FEATURE_DMA = 1 << 1;
    private static final int SELECTOR = 8;
    private static final int DMA = 16;
    private static final long DMA_SIGNATURE = ascii("QEMU CFG");

    private static final int DMA_ERROR = 1;
    private static final int DMA_READ = 1 << 1;
    private static final int DMA_REQUEST_BYTES = 16;
    private static final int POLLS = 1000;
    private static final int PAGE = 4096;

    private final FirmwareCore core;
    private final long registers;
    private final SharedBuffer buffer;

    /// The part of the address space that Realm and host share, and firmware uses for DMA: the first page holds the
    /// request, the others what is moved.
    ///
    /// @param address shared IPA
    /// @param size bytes, at least two pages
    record SharedBuffer(long address, int size) {
        long data() {
            return address + PAGE;
        }

        int dataSize() {
            return size - PAGE;
        }
    }

    /// @param registers shared IPA of the device's registers
    FirmwareConfigClient(FirmwareCore core, long registers, SharedBuffer buffer) {
        this.core = core;
        this.registers = registers;
        this.buffer = buffer;
    }

    /// Sees to it that this is the device, and has DMA.
    ///
    /// @throws GuestException.BadFirmware if not
    void requireDevice() {
        String signature = text(number(SIGNATURE));
        if (!signature.equals("QEMU")) {
            throw new GuestException.BadFirmware("fw_cfg: signature '%s' (expected: 'QEMU')".formatted(signature));
        }
        boolean dma = (number(FEATURES) & FEATURE_DMA) != 0;
        if (!dma || Long.reverseBytes(core.readDevice(registers + DMA, Long.BYTES)) != DMA_SIGNATURE) {
            throw new GuestException.BadFirmware("fw_cfg: no DMA (expected: QEMU's since 2.5)");
        }
    }

    /// The item with this key as a number.
    int number(int key) {
        select(key);
        return (int) core.readDevice(registers, Integer.BYTES);
    }

    /// Moves the first `size` bytes of an item into the Realm's own memory.
    ///
    /// @throws GuestException.BadFirmware if the device fails
    void copy(int key, long size, long destination) {
        select(key);
        byte[] part = new byte[buffer.dataSize()];
        for (long done = 0; done < size; ) {
            int length = (int) Math.min(part.length, size - done);
            transfer(length);
            core.load(buffer.data(), part, length);
            core.store(destination + done, part, length);
            done += length;
        }
    }

    private void select(int key) {
        core.writeDevice(registers + SELECTOR, Short.BYTES, Short.reverseBytes((short) key));
    }

    private void transfer(int length) {
        byte[] request = ByteBuffer.allocate(DMA_REQUEST_BYTES)
                .putInt(DMA_READ)
                .putInt(length)
                .putLong(buffer.data())
                .array();
        core.store(buffer.address(), request, request.length);
        core.writeDevice(registers + DMA, Long.BYTES, Long.reverseBytes(buffer.address()));
        for (int polls = 0; polls < POLLS; polls++) {
            int control =
                    ByteBuffer.wrap(core.load(buffer.address(), Integer.BYTES)).getInt();
            if ((control & DMA_ERROR) != 0) {
                throw new GuestException.BadFirmware("fw_cfg: DMA of %d bytes failed".formatted(length));
            }
            if (control == 0) {
                return;
            }
        }
        throw new GuestException.BadFirmware("fw_cfg: DMA of %d bytes does not end".formatted(length));
    }

    private static String text(int number) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .putInt(Integer.reverseBytes(number))
                .array();
        return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
    }

    private static long ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).getLong();
    }
}
