// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/// Records of an entry's PAX extended header (POSIX pax, "pax Extended Header"), `length keyword=value` and a newline,
/// with their values as bytes: the library takes all of them for text, which attributes are not.
final class PaxRecords {
    private static final int BLOCK_BYTES = 512;
    private static final int SIZE_OFFSET = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE_OFFSET = 156;
    private static final int MAX_LENGTH_DIGITS = 9;

    private PaxRecords() {}

    /// Reads the records of one entry; those of global headers are not its own.
    ///
    /// @param headers whole blocks: headers of extensions with their content, then the entry's own
    /// @throws OciException.Malformed if a record is not as above
    static Map<String, byte[]> of(byte[] headers) {
        Map<String, byte[]> records = new LinkedHashMap<>();
        forEachExtension(headers, (type, start, end) -> {
            if (type == TarConstants.LF_PAX_EXTENDED_HEADER_LC || type == TarConstants.LF_PAX_EXTENDED_HEADER_UC) {
                read(headers, start, end, records);
            }
        });
        return records;
    }

    /// How long the global headers are among those of one entry.
    ///
    /// @throws OciException.Malformed if a header is longer than all of them
    static long globalBytes(byte[] headers) {
        LongAdder bytes = new LongAdder();
        forEachExtension(headers, (type, start, end) -> {
            if (type == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER) {
                bytes.add(end - start);
            }
        });
        return bytes.sum();
    }

    /// Content of a header that extends the one behind it.
    private interface Extension {
        void at(byte type, int start, int end);
    }

    private static void forEachExtension(byte[] headers, Extension extension) {
        int block = 0;
        while (block + BLOCK_BYTES <= headers.length) {
            byte type = headers[block + TYPE_OFFSET];
            if (!isExtension(type)) {
                return;
            }
            int start = block + BLOCK_BYTES;
            long size = size(headers, block);
            if (size < 0 || size > headers.length - start) {
                throw malformed("header of " + size + " bytes (expected: at most " + (headers.length - start) + ")");
            }
            extension.at(type, start, start + (int) size);
            block = start + ((int) size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        }
    }

    private static boolean isExtension(byte type) {
        return type == TarConstants.LF_PAX_EXTENDED_HEADER_LC
                || type == TarConstants.LF_PAX_EXTENDED_HEADER_UC
                || type == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
                || type == TarConstants.LF_GNUTYPE_LONGNAME
                || type == TarConstants.LF_GNUTYPE_LONGLINK;
    }

    private static long size(byte[] headers, int block) {
        try {
            return TarUtils.parseOctalOrBinary(headers, block + SIZE_OFFSET, SIZE_LENGTH);
        } catch (IllegalArgumentException e) {
            throw malformed("header of no size, " + e.getMessage() + " (expected: a size)");
        }
    }

    private static void read(byte[] headers, int start, int end, Map<String, byte[]> records) {
        int position = start;
        // The library takes a NUL for the end.
        while (position < end && headers[position] != 0) {
            int space = position;
            int length = 0;
            while (space < end && headers[space] != ' ') {
                if (headers[space] < '0' || headers[space] > '9' || space - position >= MAX_LENGTH_DIGITS) {
                    throw malformed("length of a record is no number (expected: a decimal one)");
                }
                length = length * 10 + headers[space] - '0';
                space++;
            }
            int equals = space;
            int last = position + length - 1;
            if (last >= end || last <= space || headers[last] != '\n') {
                throw malformed("record of " + length + " bytes (expected: up to a newline)");
            }
            while (equals < last && headers[equals] != '=') {
                equals++;
            }
            if (equals < last) {
                String keyword = new String(headers, space + 1, equals - space - 1, StandardCharsets.UTF_8);
                records.put(keyword, Arrays.copyOfRange(headers, equals + 1, last));
            }
            position = last + 1;
        }
    }

    private static OciException.Malformed malformed(String what) {
        return new OciException.Malformed("layer: PAX header, " + what);
    }
}
