// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import dev.realmesh.cca.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads one item. Every byte comes through [#take] or [#takeBytes], which check the end; memory grows only with bytes
/// that are there, never with a length that is merely claimed.
final class CborReader {
    private static final int INDEFINITE = 31;

    private final byte[] input;
    private final CborLimits limits;
    private int offset;
    private int items;

    private CborReader(byte[] input, CborLimits limits) {
        this.input = input;
        this.limits = limits;
    }

    static CborValue read(byte[] input, CborLimits limits) {
        if (input.length > limits.maxBytes()) {
            throw new CborException.OverLimit(0, input.length + " bytes (expected: at most " + limits.maxBytes() + ")");
        }
        CborReader reader = new CborReader(input, limits);
        CborValue value = reader.item(1);
        if (reader.offset != input.length) {
            throw new CborException.Malformed(
                    reader.offset, (input.length - reader.offset) + " bytes follow (expected: the end)");
        }
        return value;
    }

    private CborValue item(int depth) {
        int start = offset;
        if (depth > limits.maxDepth()) {
            throw new CborException.OverLimit(
                    start, "depth " + depth + " (expected: at most " + limits.maxDepth() + ")");
        }
        if (++items > limits.maxItems()) {
            throw new CborException.OverLimit(start, "too many items (expected: at most " + limits.maxItems() + ")");
        }
        int head = take();
        int info = head & 0x1F;
        return switch (head >> 5) {
            case 0 -> new CborValue.Int(argument(info, start));
            case 1 -> new CborValue.Int(-1 - argument(info, start));
            case 2 -> new CborValue.ByteString(takeBytes(argument(info, start)));
            case 3 -> text(argument(info, start), start);
            case 4 -> array(argument(info, start), depth);
            case 5 -> map(argument(info, start), depth);
            case 6 -> new CborValue.Tagged(argument(info, start), item(depth + 1));
            default -> simple(info, start);
        };
    }

    private long argument(int info, int start) {
        if (info < 24) {
            return info;
        }
        if (info == INDEFINITE) {
            throw new CborException.Malformed(start, "indefinite length (expected: definite)");
        }
        if (info > 27) {
            throw new CborException.Malformed(start, "reserved additional information " + info);
        }
        long value = 0;
        for (int left = 1 << (info - 24); left > 0; left--) {
            value = value << 8 | take();
        }
        if (value < 0) {
            throw new CborException.OverLimit(start, "number over 63 bits");
        }
        return value;
    }

    private CborValue text(long length, int start) {
        Bytes encoded = takeBytes(length);
        try {
            return new CborValue.Text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(encoded.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            CborException refused = new CborException.Malformed(start, "text is not UTF-8");
            refused.initCause(e);
            throw refused;
        }
    }

    private CborValue array(long count, int depth) {
        requireRoom(count, 1);
        List<CborValue> elements = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            elements.add(item(depth + 1));
        }
        return new CborValue.Array(elements);
    }

    private CborValue map(long count, int depth) {
        requireRoom(count, 2);
        List<CborMap.Entry> entries = new ArrayList<>();
        Set<CborValue> keys = new HashSet<>();
        for (long i = 0; i < count; i++) {
            int start = offset;
            CborValue key = item(depth + 1);
            if (!keys.add(key)) {
                throw new CborException.Malformed(start, "duplicate map key");
            }
            entries.add(new CborMap.Entry(key, item(depth + 1)));
        }
        return new CborMap(entries);
    }

    private CborValue simple(int info, int start) {
        if (info >= 25) {
            String what = info <= 27 ? "float" : "simple value or break " + info;
            throw new CborException.Malformed(start, what + " (expected: none)");
        }
        if (info < 24) {
            return new CborValue.Simple(info);
        }
        int value = take();
        if (value < 32) {
            throw new CborException.Malformed(start, "simple value " + value + " in two bytes");
        }
        return new CborValue.Simple(value);
    }

    private void requireRoom(long count, int bytesEach) {
        if (count > (input.length - offset) / bytesEach) {
            throw new CborException.Malformed(offset, count + " entries announced, input ends before");
        }
    }

    private int take() {
        if (offset == input.length) {
            throw new CborException.Malformed(offset, "input ends inside an item");
        }
        return input[offset++] & 0xFF;
    }

    private Bytes takeBytes(long length) {
        if (length > input.length - offset) {
            throw new CborException.Malformed(
                    offset, "string of " + length + " bytes announced, " + (input.length - offset) + " are left");
        }
        int from = offset;
        offset += (int) length;
        return Bytes.copyOfRange(input, from, offset);
    }
}
