// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

/// A kernel with the arm64 Image header (Linux `Documentation/arch/arm64/booting.rst`), as a boot loader reads it.
///
/// @param file the whole file, header included; this is what is loaded and measured
/// @param textOffset where the image wants to lie, from the start of RAM, in bytes
/// @param imageSize memory that the image needs from there, in bytes; at least the file's length
public record KernelImage(Blob file, long textOffset, long imageSize) {
    /// Length of the header.
    public static final int HEADER_BYTES = 64;

    /// "ARM\x64" at offset 56, read as a little-endian word.
    public static final int MAGIC = 0x644d5241;

    /// Most bytes that a compressed kernel may unpack to; as much as QEMU allows.
    public static final int MAX_UNPACKED = 256 << 20;

    private static final int TEXT_OFFSET_AT = 8;
    private static final int IMAGE_SIZE_AT = 16;
    private static final int MAGIC_AT = 56;

    /// Reads and checks the header. A file that is compressed by gzip is unpacked first, as QEMU does.
    ///
    /// @throws PlanException.BadKernel if the file has no arm64 Image header or one that contradicts itself
    public static KernelImage read(Blob file) {
        return header(file.isGzip() ? unpacked(file) : file);
    }

    private static Blob unpacked(Blob file) {
        return file.gunzip(MAX_UNPACKED)
                .orElseThrow(() -> new PlanException.BadKernel(
                        "compressed, but broken or too large (expected: gzip of at most 256 MiB)"));
    }

    private static KernelImage header(Blob file) {
        if (file.size() < HEADER_BYTES) {
            throw new PlanException.BadKernel(file.size() + " bytes (expected: at least a 64-byte arm64 Image header)");
        }
        if (file.u32(MAGIC_AT) != MAGIC) {
            throw new PlanException.BadKernel("magic 0x%08x at offset 56 (expected: 0x%08x, an arm64 Image header)"
                    .formatted(file.u32(MAGIC_AT), MAGIC));
        }
        long textOffset = file.u64(TEXT_OFFSET_AT);
        long imageSize = file.u64(IMAGE_SIZE_AT);
        if (textOffset < 0 || textOffset > Integer.MAX_VALUE) {
            throw new PlanException.BadKernel("text_offset 0x%x (expected: below 2 GiB)".formatted(textOffset));
        }
        if (imageSize < file.size()) {
            throw new PlanException.BadKernel(
                    "image_size %d (expected: at least the file's %d bytes)".formatted(imageSize, file.size()));
        }
        return new KernelImage(file, textOffset, imageSize);
    }
}
