// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads claims by label and type; what is wrong becomes a [TokenException.BadClaim] that names the label.
record ClaimReader(CborMap claims) {
    /// The sizes that a hash may have.
    private static final int[] HASH_SIZES = {32, 48, 64};

    Bytes bytes(int label) {
        return required(label, value -> value.asBytes("value"));
    }

    Bytes bytes(int label, int size) {
        return sized(label, bytes(label), size);
    }

    Bytes hash(int label) {
        return sized(label, bytes(label), HASH_SIZES);
    }

    List<Bytes> hashes(int label) {
        return array(label).stream()
                .map(item -> sized(label, typed(label, item, value -> value.asBytes("element")), HASH_SIZES))
                .toList();
    }

    List<CborValue> array(int label) {
        return required(label, value -> value.asArray("value"));
    }

    String text(int label) {
        return required(label, value -> value.asText("value"));
    }

    /// The text, or the empty text if the claim is absent; a claim that is there must not be empty.
    String optionalText(int label) {
        Optional<CborValue> value = claims.find(label);
        if (value.isEmpty()) {
            return "";
        }
        String text = text(label);
        if (text.isEmpty()) {
            throw new TokenException.BadClaim(label, "empty (expected: text, or no such claim)");
        }
        return text;
    }

    int unsigned16(int label) {
        long value = required(label, number -> number.asLong("value"));
        if (value < 0 || value > 0xFFFF) {
            throw new TokenException.BadClaim(label, "out of range (expected: 0 to 65535)");
        }
        return (int) value;
    }

    private <T> T required(int label, Function<CborValue, T> type) {
        CborValue value = claims.find(label)
                .orElseThrow(() -> new TokenException.BadClaim(label, "absent (expected: mandatory)"));
        return typed(label, value, type);
    }

    private static <T> T typed(int label, CborValue value, Function<CborValue, T> type) {
        try {
            return type.apply(value);
        } catch (CborException e) {
            TokenException refused = new TokenException.BadClaim(label, String.valueOf(e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    private static Bytes sized(int label, Bytes value, int... sizes) {
        if (Arrays.stream(sizes).noneMatch(size -> size == value.size())) {
            throw new TokenException.BadClaim(
                    label, value.size() + " bytes (expected: " + Arrays.toString(sizes) + ")");
        }
        return value;
    }
}
