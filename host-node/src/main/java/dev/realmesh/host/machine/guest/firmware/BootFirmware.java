// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.guest.GuestException;
import dev.realmesh.host.machine.guest.firmware.BootDeviceTree.Range;
import dev.realmesh.host.machine.guest.firmware.FirmwareConfigClient.SharedBuffer;
import dev.realmesh.host.machine.guest.firmware.GuestFirmware.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// What the firmware of a Realm does from its first instruction on, as its manifest says: it fetches kernel and initrd
/// from the host's fw_cfg device into the Realm's own memory, measures them there into REM\[0], tells of them in the
/// log, and starts the kernel. What the host gives is used only from there, where the host does not reach it.
///
/// RAM as it uses it: device tree, log and a page for the RMM's answers in the first 2 MiB, where the last 256 KiB are
/// shared with the host meanwhile; then the kernel, and the initrd after it.
final class BootFirmware {
    private static final int PAGE = 4096;
    private static final long MIB = 1 << 20;
    private static final long ANSWERS_AT = MIB + MIB / 2;
    private static final long SHARED_AT = 2 * MIB - MIB / 4;
    private static final long KERNEL_AT = 2 * MIB;
    private static final int PIECE = 64 * 1024;
    private static final int REM_0 = 0;
    private static final int MAX_COMMAND_LINE = 4096;

    private static final int KERNEL_HEADER_BYTES = 64;
    private static final int KERNEL_TEXT_OFFSET_AT = 8;
    private static final int KERNEL_SIZE_AT = 16;
    private static final int KERNEL_MAGIC_AT = 56;
    private static final int KERNEL_MAGIC = 0x644d5241;

    private final FirmwareCore core;
    private final RealmServices services;
    private final Consumer<String> console;
    private final GuestFirmware manifest;
    private final BootDeviceTree tree;
    private final Range ram;
    private final RealmConfig realm;

    private BootFirmware(FirmwareCore core, long pc, Consumer<String> console) {
        this.core = core;
        this.services = new RealmServices(core);
        this.console = console;
        int size = GuestFirmware.sizeFromHeader(core.fetch(pc, GuestFirmware.HEADER_BYTES));
        this.manifest = GuestFirmware.read(core.fetch(pc, size));
        this.tree = BootDeviceTree.load(core, manifest.deviceTree());
        this.ram = tree.memory();
        requireLow("device tree", new Range(manifest.deviceTree(), tree.size()));
        this.realm = services.config(ram.base() + ANSWERS_AT);
    }

    /// Runs the firmware at `pc`; the registers with which it starts the kernel.
    ///
    /// @param console gets what it says to people
    /// @throws GuestException if it cannot go on
    static Registers run(FirmwareCore core, long pc, Consumer<String> console) {
        return new BootFirmware(core, pc, console).boot();
    }

    private Registers boot() {
        long sharedBit = 1L << (realm.ipaWidth() - 1);
        Range shared = new Range(ram.base() + SHARED_AT, KERNEL_AT - SHARED_AT);
        services.setState(shared.base(), shared.end(), Ripas.EMPTY);
        SharedBuffer buffer = new SharedBuffer(shared.base() | sharedBit, (int) shared.size());
        FirmwareConfigClient config = new FirmwareConfigClient(core, tree.firmwareConfig() | sharedBit, buffer);
        config.requireDevice();

        Optional<MeasuredLog> log = tree.eventLog().map(this::logAt);
        long free = ram.base() + KERNEL_AT;
        List<String> measured = new ArrayList<>();
        for (Image image : manifest.images()) {
            Range at = load(config, image, free);
            byte[] digest = digest(at);
            services.extend(REM_0, digest);
            measured.add("%s of %d bytes".formatted(image.title(), at.size()));
            log.ifPresent(written ->
                    written.measured(image.title().toUpperCase(Locale.ROOT), at, realm.hashAlgorithm(), digest));
            free = image == Image.KERNEL ? endOfKernel(at) : at.end();
            if (image == Image.INITRD) {
                tree.setInitrd(at);
            }
        }
        log.ifPresent(MeasuredLog::store);
        requireMeasuredCommandLine(config);
        services.setState(shared.base(), shared.end(), Ripas.RAM);
        console.accept("guest firmware: %s measured into REM[0]".formatted(String.join(", ", measured)));
        byte[] handedOn = tree.toByteArray();
        core.store(manifest.deviceTree(), handedOn, handedOn.length);
        return Registers.startingWith(GeneralRegisters.of(manifest.deviceTree()), ram.base() + KERNEL_AT);
    }

    /// The last page of RAM is the kernel's.
    private Range load(FirmwareConfigClient config, Image image, long free) {
        long size = Integer.toUnsignedLong(config.number(
                image == Image.KERNEL ? FirmwareConfigClient.KERNEL_SIZE : FirmwareConfigClient.INITRD_SIZE));
        requireRoom(image.title(), size, free);
        config.copy(
                image == Image.KERNEL ? FirmwareConfigClient.KERNEL_DATA : FirmwareConfigClient.INITRD_DATA,
                size,
                free);
        return new Range(free, size);
    }

    private void requireRoom(String what, long size, long at) {
        long room = ram.end() - PAGE - at;
        if (size <= 0 || size > room) {
            throw new GuestException.BadFirmware(
                    "%s: %d bytes (expected: 1 to %d, the RAM that is left)".formatted(what, size, Math.max(room, 0)));
        }
    }

    private byte[] digest(Range image) {
        MessageDigest digest = newDigest(realm.hashAlgorithm());
        byte[] piece = new byte[PIECE];
        for (long at = image.base(); at < image.end(); at += PIECE) {
            int length = (int) Math.min(PIECE, image.end() - at);
            core.load(at, piece, length);
            digest.update(piece, 0, length);
        }
        return digest.digest();
    }

    private static MessageDigest newDigest(HashAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.jcaName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    /// Where the memory that the kernel asks for ends, by the header that was measured.
    private long endOfKernel(Range kernel) {
        ByteBuffer header =
                ByteBuffer.wrap(core.load(kernel.base(), KERNEL_HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(KERNEL_MAGIC_AT) != KERNEL_MAGIC || header.getLong(KERNEL_TEXT_OFFSET_AT) != 0) {
            throw new GuestException.BadFirmware("kernel: header (expected: an arm64 Image without text_offset)");
        }
        long size = header.getLong(KERNEL_SIZE_AT);
        if (size < kernel.size()) {
            throw new GuestException.BadFirmware(
                    "kernel: image_size %d (expected: at least its %d bytes)".formatted(size, kernel.size()));
        }
        requireRoom("kernel", size, kernel.base());
        return (kernel.base() + size + KERNEL_AT - 1) & -KERNEL_AT;
    }

    private MeasuredLog logAt(Range place) {
        requireLow("event log", place);
        return MeasuredLog.load(core, place, realm.hashAlgorithm());
    }

    /// What is written where other things are would change what was measured.
    private void requireLow(String what, Range place) {
        Range low = new Range(ram.base(), ANSWERS_AT);
        if (!low.holds(place)) {
            throw new GuestException.BadFirmware("%s: %s (expected: in %s)".formatted(what, place, low));
        }
    }

    /// The command line stands in the device tree, which the RIM covers. The host must not say anything else.
    private void requireMeasuredCommandLine(FirmwareConfigClient config) {
        int size = config.number(FirmwareConfigClient.COMMAND_LINE_SIZE);
        if (size < 0 || size > MAX_COMMAND_LINE) {
            throw new GuestException.BadFirmware(
                    "command line: %s bytes (expected: at most 4096)".formatted(Integer.toUnsignedString(size)));
        }
        long answers = ram.base() + ANSWERS_AT;
        config.copy(FirmwareConfigClient.COMMAND_LINE_DATA, size, answers);
        String text = new String(core.load(answers, size), StandardCharsets.UTF_8);
        String given = text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0'));
        if (!given.equals(tree.commandLine())) {
            throw new GuestException.BadFirmware("command line: '%s' (expected: that of the device tree, '%s')"
                    .formatted(given, tree.commandLine()));
        }
    }
}
