// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.crypt;

import dev.realmesh.oci.OciException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Elements of DER (ITU-T X.690), one after the other, of one-byte tags and definite lengths; what is longer than its
/// surroundings is refused. As much of it as key wrapping needs: a guest has no library for it.
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private final ByteBuffer content;

    private Der(ByteBuffer content) {
        this.content = content;
    }

    static Der of(byte[] encoded) {
        return new Der(ByteBuffer.wrap(encoded));
    }

    /// One element.
    static byte[] element(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x80) {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | octets);
            for (int shift = (octets - 1) * 8; shift > 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        out.write(length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    boolean hasNext() {
        return content.hasRemaining();
    }

    boolean nextIs(int tag) {
        return hasNext() && (content.get(content.position()) & 0xff) == tag;
    }

    /// What is in the next element, as elements.
    ///
    /// @throws OciException.Malformed if it has another tag, or there is none
    Der enter(int tag) {
        if (!nextIs(tag)) {
            throw new OciException.Malformed("DER: no element of tag " + tag + " (expected: one)");
        }
        content.get();
        int length = length();
        if (length > content.remaining()) {
            throw new OciException.Malformed(
                    "DER: element of " + length + " bytes (expected: at most " + content.remaining() + ")");
        }
        ByteBuffer inside = content.slice(content.position(), length);
        content.position(content.position() + length);
        return new Der(inside);
    }

    /// What is in the next element, as bytes; see [#enter].
    byte[] bytes(int tag) {
        return enter(tag).rest();
    }

    /// The next element, whatever it is, with its tag and length.
    byte[] whole() {
        int start = content.position();
        skip();
        byte[] whole = new byte[content.position() - start];
        content.get(start, whole);
        return whole;
    }

    void skip() {
        enter(hasNext() ? content.get(content.position()) & 0xff : SEQUENCE);
    }

    private byte[] rest() {
        byte[] rest = new byte[content.remaining()];
        content.get(rest);
        return rest;
    }

    private int length() {
        int first = next();
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7f;
        if (octets < 1 || octets > 3) {
            throw new OciException.Malformed("DER: length of " + octets + " bytes (expected: 1 to 3)");
        }
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | next();
        }
        return length;
    }

    private int next() {
        if (!hasNext()) {
            throw new OciException.Malformed("DER: ends in an element (expected: its length)");
        }
        return content.get() & 0xff;
    }
}
