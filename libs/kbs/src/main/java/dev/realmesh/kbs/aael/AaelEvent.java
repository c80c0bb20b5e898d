// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Something that happened in a guest. In a log it is one line, `domain operation content`, so the first two hold no
/// white space and none holds a line feed (the specification's rules; upstream's agent checks the last only).
///
/// @param domain who says it, such as `github.com/confidential-containers`; 1 to 256 characters
/// @param operation what was done; 1 to 256 characters
/// @param content to what; at most 16 KiB of UTF-8, may be empty
public record AaelEvent(String domain, String operation, String content) {
    /// Longest content, in bytes.
    public static final int MAX_CONTENT_BYTES = 16 << 10;

    private static final int MAX_NAME_CHARACTERS = 256;
    private static final int TAG = 0x4141_454C;
    private static final int HEADER_BYTES = 8;

    /// Checks the rules.
    ///
    /// @throws AaelException.BadEvent if a part is missing, breaks the line, or is over its limit
    public AaelEvent {
        requireName("domain", domain);
        requireName("operation", operation);
        if (content.indexOf('\n') >= 0) {
            throw new AaelException.BadEvent("content: a line feed in it (expected: one line)");
        }
        int bytes = content.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_CONTENT_BYTES) {
            throw new AaelException.BadEvent(
                    "content: " + bytes + " bytes (expected: at most " + MAX_CONTENT_BYTES + ")");
        }
    }

    /// Reads the data of a log's entry.
    static AaelEvent parse(int entry, byte[] data) {
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        if (data.length < HEADER_BYTES || buffer.getInt() != TAG || buffer.getInt() != buffer.remaining()) {
            throw new AaelException.BadLog(entry, "another kind of data (expected: tag AAEL, its length, a line)");
        }
        String[] words = line(entry, buffer).split(" ", 3);
        if (words.length != 3) {
            throw new AaelException.BadLog(entry, words.length + " words (expected: domain, operation and content)");
        }
        try {
            return new AaelEvent(words[0], words[1], words[2]);
        } catch (AaelException.BadEvent e) {
            throw new AaelException.BadLog(entry, String.valueOf(e.getMessage()));
        }
    }

    /// The data of the event's entry: the tag `AAEL`, the length of the line, the line.
    byte[] toBytes() {
        byte[] line = (domain + " " + operation + " " + content).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER_BYTES + line.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(TAG)
                .putInt(line.length)
                .put(line)
                .array();
    }

    private static String line(int entry, ByteBuffer text) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new AaelException.BadLog(entry, "no text (expected: UTF-8)");
        }
    }

    private static void requireName(String part, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARACTERS) {
            throw new AaelException.BadEvent(
                    part + ": " + name.length() + " characters (expected: 1-" + MAX_NAME_CHARACTERS + ")");
        }
        if (name.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new AaelException.BadEvent(part + ": white space in it (expected: one word)");
        }
    }
}
