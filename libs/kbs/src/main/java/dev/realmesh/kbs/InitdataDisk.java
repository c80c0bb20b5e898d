// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The disk image by which Kata Containers hands initdata to a guest: `initdata`, length as u64 little endian, the
/// document
/// in gzip, zeros to the end of the sector. Nothing of it is trusted until [Initdata#isBoundTo] the Realm's RPV.
public final class InitdataDisk {
    /// Largest image that is read, in bytes.
    public static final int MAX_BYTES = 2 << 20;

    private static final byte[] MAGIC = "initdata".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_LENGTH = 16;
    private static final int SECTOR = 512;

    private InitdataDisk() {}

    /// The image of a document; the same bytes for the same document.
    public static byte[] write(Initdata initdata) {
        byte[] packed = gzip(initdata.toBytes());
        int used = HEADER_LENGTH + packed.length;
        ByteBuffer image =
                ByteBuffer.allocate((used + SECTOR - 1) / SECTOR * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        return image.put(MAGIC).putLong(packed.length).put(packed).array();
    }

    /// Reads an image.
    ///
    /// @throws KbsException.Malformed if it is over 2 MiB, lacks the magic, says a length that it has not, does not
    /// unpack to
    ///     at most 1 MiB, or holds no initdata
    public static Initdata read(byte[] image) {
        if (image.length < HEADER_LENGTH || image.length > MAX_BYTES) {
            throw new KbsException.Malformed(
                    "initdata disk", image.length + " bytes (expected: " + HEADER_LENGTH + " to " + MAX_BYTES + ")");
        }
        if (!Arrays.equals(image, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new KbsException.Malformed("initdata disk", "another magic (expected: initdata)");
        }
        long length = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(MAGIC.length);
        if (length < 0 || length > image.length - HEADER_LENGTH) {
            throw new KbsException.Malformed("initdata disk length", "beyond the image (expected: inside)");
        }
        return Initdata.parse(gunzip(image, HEADER_LENGTH, (int) length));
    }

    private static byte[] gunzip(byte[] image, int offset, int length) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(image, offset, length))) {
            byte[] document = in.readNBytes(Initdata.MAX_BYTES + 1);
            if (document.length > Initdata.MAX_BYTES) {
                throw new KbsException.Malformed(
                        "initdata disk", "unpacks to more than " + Initdata.MAX_BYTES + " bytes");
            }
            return document;
        } catch (IOException e) {
            throw new KbsException.Malformed("initdata disk", "not gzip (expected: a whole gzip stream)");
        }
    }

    private static byte[] gzip(byte[] document) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
