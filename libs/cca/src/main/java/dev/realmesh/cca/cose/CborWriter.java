// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import dev.realmesh.cca.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes items with the shortest heads and definite lengths (RFC 8949 §4.2.1, but for the order of map keys, which
/// the map itself gives).
final class CborWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CborWriter() {}

    static Bytes write(CborValue value) {
        CborWriter writer = new CborWriter();
        writer.item(value);
        return Bytes.copyOf(writer.out.toByteArray());
    }

    private void item(CborValue item) {
        switch (item) {
            case CborValue.Int integer -> integer(integer.value());
            case CborValue.ByteString bytes -> string(2, bytes.value().toByteArray());
            case CborValue.Text text -> string(3, text.value().getBytes(StandardCharsets.UTF_8));
            case CborValue.Array array -> {
                head(4, array.items().size());
                array.items().forEach(this::item);
            }
            case CborMap map -> {
                head(5, map.entries().size());
                map.entries().forEach(this::entry);
            }
            case CborValue.Tagged tagged -> {
                head(6, tagged.tag());
                item(tagged.content());
            }
            case CborValue.Simple simple -> head(7, simple.value());
        }
    }

    private void integer(long value) {
        head(value < 0 ? 1 : 0, value < 0 ? -1 - value : value);
    }

    private void entry(CborMap.Entry entry) {
        item(entry.key());
        item(entry.value());
    }

    private void string(int major, byte[] content) {
        head(major, content.length);
        out.writeBytes(content);
    }

    private void head(int major, long argument) {
        if (argument < 24) {
            out.write(major << 5 | (int) argument);
            return;
        }
        int power = argument <= 0xFF ? 0 : argument <= 0xFFFF ? 1 : argument <= 0xFFFF_FFFFL ? 2 : 3;
        out.write(major << 5 | (24 + power));
        for (int shift = ((1 << power) - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (argument >>> shift));
        }
    }
}
