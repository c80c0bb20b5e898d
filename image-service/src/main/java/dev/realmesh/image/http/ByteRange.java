// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which bytes of a blob a request wants: RFC 9110 section 14, one range of bytes.
///
/// @param first offset of the first byte
/// @param length how many; 0 if the blob has none of them
/// @param partial whether the request asked for a part, and the answer is 206
record ByteRange(long first, long length, boolean partial) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /// Reads a `Range` header. What is none, or names several ranges, is passed over, as the RFC allows.
    static ByteRange parse(String header, long size) {
        ByteRange whole = new ByteRange(0, size, false);
        Matcher matcher = ONE_RANGE.matcher(header);
        if (!matcher.matches()) {
            return whole;
        }
        boolean hasFirst = !matcher.group(1).isEmpty();
        boolean hasLast = !matcher.group(2).isEmpty();
        if (!hasFirst && !hasLast) {
            return whole;
        }
        if (!hasFirst) {
            long length = Math.min(Long.parseLong(matcher.group(2)), size);
            return new ByteRange(size - length, length, true);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = hasLast ? Math.min(Long.parseLong(matcher.group(2)), size - 1) : size - 1;
        if (hasLast && Long.parseLong(matcher.group(2)) < first) {
            return whole;
        }
        return new ByteRange(first, Math.max(last - first + 1, 0), true);
    }

    /// The `Content-Range` of the answer.
    String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
