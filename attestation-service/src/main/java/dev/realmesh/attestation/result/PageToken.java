// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.result;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import java.util.TreeSet;

/// Where a page ends. It holds for the filter that it was made with, and for no other.
///
/// @param before the sequence number that the next page starts below
/// @param filter a hash of the filter
record PageToken(long before, int filter) {
    private static final int BYTES = Long.BYTES + Integer.BYTES;
    private static final int CHARACTERS = 16;

    static PageToken first(ResultFilter filter) {
        return new PageToken(Long.MAX_VALUE, hash(filter));
    }

    PageToken next(long sequence) {
        return new PageToken(sequence, filter);
    }

    /// Reads a token; the empty one is the first page.
    static PageToken parse(String text, ResultFilter filter) {
        if (text.isEmpty()) {
            return first(filter);
        }
        try {
            if (text.length() == CHARACTERS) {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
                PageToken token = new PageToken(bytes.getLong(), bytes.getInt());
                if (token.filter == hash(filter)) {
                    return token;
                }
            }
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        throw refused();
    }

    String text() {
        byte[] bytes = ByteBuffer.allocate(BYTES).putLong(before).putInt(filter).array();
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    private static int hash(ResultFilter filter) {
        int statuses = new TreeSet<>(filter.statuses()).toString().hashCode();
        int times = 31 * filter.issuedFrom().hashCode() + filter.issuedBefore().hashCode();
        int subject = Objects.hash(filter.realmId(), filter.rim(), filter.instanceId(), filter.image());
        return 31 * (31 * subject + statuses) + times;
    }

    private static ResultException refused() {
        return new ResultException.BadRequest(
                "page_token: not of this list (expected: next_page_token of the page before, and its filter)");
    }
}
