// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.device;

import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan.Range;
import dev.realmesh.host.vmm.plan.FirmwareConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// QEMU's fw_cfg device (`docs/specs/fw_cfg.rst`) as a memory-mapped one: a selector of items, a window on the selected
/// one, and DMA. All registers are big-endian, but the window keeps the order of bytes.
public final class FirmwareConfigDevice implements MmioDevice {
    private static final int SIZE = 0x18;
    private static final int SELECTOR = 8;
    private static final int DMA_HIGH = 16;
    private static final int DMA_LOW = 20;
    private static final byte[] DMA_SIGNATURE = "QEMU CFG".getBytes(StandardCharsets.US_ASCII);

    private static final int DMA_ERROR = 1;
    private static final int DMA_READ = 1 << 1;
    private static final int DMA_SKIP = 1 << 2;
    private static final int DMA_SELECT = 1 << 3;
    private static final int DMA_WRITE = 1 << 4;
    private static final int DMA_KEY_SHIFT = 16;
    private static final int DMA_REQUEST_BYTES = 16;
    private static final int DMA_BURST = 1 << 16;

    private final FirmwareConfig config;
    private final DmaMemory memory;
    private Blob selected = Blob.empty();
    private long position;
    private long addressHigh;

    public FirmwareConfigDevice(FirmwareConfig config, DmaMemory memory) {
        this.config = config;
        this.memory = memory;
    }

    @Override
    public Range place() {
        return new Range(config.base(), config.base() + SIZE);
    }

    @Override
    public synchronized long read(long offset, int bytes) {
        byte[] read = new byte[bytes];
        if (offset < SELECTOR) {
            selected.readPage(position, read);
            position += bytes;
        } else if (offset >= DMA_HIGH && offset + bytes <= SIZE) {
            System.arraycopy(DMA_SIGNATURE, (int) offset - DMA_HIGH, read, 0, bytes);
        }
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(read[i]);
        }
        return value;
    }

    @Override
    public synchronized void write(long offset, int bytes, long value) {
        long number = Long.reverseBytes(value) >>> (Long.SIZE - Byte.SIZE * bytes);
        if (offset == SELECTOR && bytes == Short.BYTES) {
            select((int) number);
        } else if (offset == DMA_HIGH && bytes == Long.BYTES) {
            transfer(number);
        } else if (offset == DMA_HIGH && bytes == Integer.BYTES) {
            addressHigh = number << Integer.SIZE;
        } else if (offset == DMA_LOW && bytes == Integer.BYTES) {
            transfer(addressHigh | number);
        }
    }

    private void select(int key) {
        selected = config.items().getOrDefault(key, Blob.empty());
        position = 0;
    }

    /// Does what the guest's structure at `request` says: control, length, address. The answer is the new control.
    private void transfer(long request) {
        addressHigh = 0;
        byte[] words = new byte[DMA_REQUEST_BYTES];
        if (!memory.read(request, words)) {
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(words);
        boolean done = transfer(fields.getInt(), Integer.toUnsignedLong(fields.getInt()), fields.getLong());
        memory.write(
                request,
                ByteBuffer.allocate(Integer.BYTES).putInt(done ? 0 : DMA_ERROR).array());
    }

    private boolean transfer(int control, long length, long address) {
        if ((control & DMA_SELECT) != 0) {
            select(control >>> DMA_KEY_SHIFT);
        }
        if ((control & DMA_READ) != 0) {
            return copy(length, address);
        }
        if ((control & DMA_SKIP) != 0) {
            position += length;
        }
        return (control & DMA_WRITE) == 0;
    }

    /// Behind the end of an item there are zeros.
    private boolean copy(long length, long address) {
        for (long done = 0; done < length; ) {
            byte[] part = new byte[(int) Math.min(DMA_BURST, length - done)];
            selected.readPage(position, part);
            if (!memory.write(address + done, part)) {
                return false;
            }
            position += part.length;
            done += part.length;
        }
        return true;
    }
}
