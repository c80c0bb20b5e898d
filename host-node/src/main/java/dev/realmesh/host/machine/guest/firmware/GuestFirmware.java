// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.host.machine.guest.BootManifest;
import dev.realmesh.host.machine.guest.GuestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The firmware of a Realmesh guest: a header that says so, and a manifest in the place of code, which says what it
/// does. The header is an instruction that branches to itself, the size of all at 8 and "RMFW" at 56, little-endian.
/// The manifest is JSON, `{"version":1,"deviceTree":…,"images":["kernel","initrd"]}`, padded with zeros to whole pages.
///
/// @param deviceTree IPA of the device tree that its monitor leaves, at the start of RAM
/// @param images what it loads and measures, in this order, the kernel first
public record GuestFirmware(long deviceTree, List<Image> images) {
    /// Length of the header.
    public static final int HEADER_BYTES = BootManifest.HEADER_BYTES;

    private static final int MAX_BYTES = 64 * 1024;
    private static final int PAGE = 4096;
    private static final int BRANCH_TO_SELF = 0x14000000;
    private static final int SIZE_AT = 8;
    private static final int MAGIC = 0x57464d52;
    private static final int MAGIC_AT = 56;

    /// What firmware loads.
    public enum Image {
        KERNEL("kernel"),
        INITRD("initrd");

        private final String title;

        Image(String title) {
            this.title = title;
        }

        /// What manifest and people call it.
        public String title() {
            return title;
        }

        static Image of(JsonNode node) {
            for (Image image : values()) {
                if (node.isString() && node.stringValue().equals(image.title)) {
                    return image;
                }
            }
            throw new GuestException.BadFirmware("manifest: image %s (expected: kernel or initrd)".formatted(node));
        }
    }

    public GuestFirmware {
        images = List.copyOf(images);
        if (images.isEmpty()
                || images.getFirst() != Image.KERNEL
                || Set.copyOf(images).size() != images.size()) {
            throw new GuestException.BadFirmware(
                    "manifest: images %s (expected: the kernel first, each once)".formatted(images));
        }
        if (deviceTree < 0 || deviceTree % PAGE != 0) {
            throw new GuestException.BadFirmware(
                    "manifest: deviceTree 0x%x (expected: the address of a page)".formatted(deviceTree));
        }
    }

    /// Firmware for QEMU's `virt` machine, which loads kernel and initrd.
    public static GuestFirmware ofQemu() {
        return new GuestFirmware(0x4000_0000L, List.of(Image.KERNEL, Image.INITRD));
    }

    /// Whether firmware begins with these [#HEADER_BYTES] bytes.
    static boolean isHeader(byte[] header) {
        return little(header).getInt(MAGIC_AT) == MAGIC;
    }

    /// The length of the firmware that begins with `header`.
    ///
    /// @throws GuestException.BadFirmware if it is out of bounds
    static int sizeFromHeader(byte[] header) {
        long size = little(header).getLong(SIZE_AT);
        if (!isHeader(header) || size <= HEADER_BYTES || size > MAX_BYTES) {
            throw new GuestException.BadFirmware(
                    "header: %d bytes (expected: RMFW, %d to %d)".formatted(size, HEADER_BYTES + 1, MAX_BYTES));
        }
        return (int) size;
    }

    /// Reads firmware, header included.
    ///
    /// @throws GuestException.BadFirmware if it is not one of ours
    static GuestFirmware read(byte[] image) {
        JsonNode manifest = BootManifest.read(
                Arrays.copyOf(image, Math.min(sizeFromHeader(image), image.length)),
                Set.of("deviceTree", "images"),
                GuestException.BadFirmware::new);
        JsonNode deviceTree = manifest.get("deviceTree");
        List<Image> images = new ArrayList<>();
        manifest.get("images").forEach(each -> images.add(Image.of(each)));
        return new GuestFirmware(deviceTree.canConvertToLong() ? deviceTree.longValue() : -1, images);
    }

    /// The firmware's bytes; equal for equal firmware.
    public byte[] bytes() {
        ObjectNode manifest = BootManifest.create().put("deviceTree", deviceTree);
        ArrayNode list = manifest.putArray("images");
        images.forEach(image -> list.add(image.title()));
        byte[] pages = BootManifest.pages(manifest);
        little(pages).putInt(BRANCH_TO_SELF).putLong(SIZE_AT, pages.length).putInt(MAGIC_AT, MAGIC);
        return pages;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
