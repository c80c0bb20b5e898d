// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import dev.realmesh.cca.Bytes;
import java.util.Arrays;
import java.util.List;

/// One CBOR item. [#decode] reads it strictly; [#encode] writes the one deterministic form of it: definite lengths,
/// shortest heads, map entries in the order that the map holds. Major type 5 is [CborMap].
public sealed interface CborValue
        permits CborValue.Int,
                CborValue.ByteString,
                CborValue.Text,
                CborValue.Array,
                CborValue.Tagged,
                CborValue.Simple,
                CborMap {
    /// Major types 0 and 1, within 64 bits signed.
    record Int(long value) implements CborValue {}

    /// Major type 2.
    record ByteString(Bytes value) implements CborValue {}

    /// Major type 3.
    record Text(String value) implements CborValue {}

    /// Major type 4.
    record Array(List<CborValue> items) implements CborValue {
        public Array {
            items = List.copyOf(items);
        }
    }

    /// Major type 6.
    record Tagged(long tag, CborValue content) implements CborValue {}

    /// Major type 7 without floats: 20 false, 21 true, 22 null, 23 undefined.
    record Simple(int value) implements CborValue {}

    /// Reads the one item that `encoded` holds.
    ///
    /// @throws CborException.Malformed if it is not well-formed, indefinite, has a duplicate key or a float, or if
    ///     bytes follow it
    /// @throws CborException.OverLimit if it exceeds `limits`
    static CborValue decode(Bytes encoded, CborLimits limits) {
        return CborReader.read(encoded.toByteArray(), limits);
    }

    /// An integer.
    static CborValue of(long value) {
        return new Int(value);
    }

    /// A text string.
    static CborValue of(String value) {
        return new Text(value);
    }

    /// A byte string.
    static CborValue of(Bytes value) {
        return new ByteString(value);
    }

    /// An array.
    static CborValue arrayOf(CborValue... items) {
        return new Array(Arrays.asList(items));
    }

    /// The deterministic encoding.
    default Bytes encode() {
        return CborWriter.write(this);
    }

    /// The integer that this is.
    ///
    /// @throws CborException.Unexpected if it is something else; so do all the others
    default long asLong(String what) {
        return switch (this) {
            case Int integer -> integer.value();
            default -> throw unexpected(what, "integer");
        };
    }

    /// The byte string that this is.
    default Bytes asBytes(String what) {
        return switch (this) {
            case ByteString bytes -> bytes.value();
            default -> throw unexpected(what, "byte string");
        };
    }

    /// The text that this is.
    default String asText(String what) {
        return switch (this) {
            case Text text -> text.value();
            default -> throw unexpected(what, "text");
        };
    }

    /// The items of the array that this is.
    default List<CborValue> asArray(String what) {
        return switch (this) {
            case Array array -> array.items();
            default -> throw unexpected(what, "array");
        };
    }

    /// The map that this is.
    default CborMap asMap(String what) {
        return switch (this) {
            case CborMap map -> map;
            default -> throw unexpected(what, "map");
        };
    }

    /// The content of the item with tag `tag` that this is.
    default CborValue asTagged(long tag, String what) {
        if (this instanceof Tagged tagged && tagged.tag() == tag) {
            return tagged.content();
        }
        throw unexpected(what, "tag " + tag);
    }

    /// What this is, for messages: never the content.
    default String kind() {
        return switch (this) {
            case Int ignored -> "integer";
            case ByteString bytes -> "byte string of " + bytes.value().size();
            case Text ignored -> "text";
            case Array array -> "array of " + array.items().size();
            case CborMap ignored -> "map";
            case Tagged tagged -> "tag " + tagged.tag();
            case Simple simple -> "simple value " + simple.value();
        };
    }

    private CborException unexpected(String what, String expected) {
        return new CborException.Unexpected(what, kind(), expected);
    }
}
