// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A CBOR map (major type 5) in the order that it was read or built in, without duplicate keys.
///
/// @param entries the entries, in order
public record CborMap(List<Entry> entries) implements CborValue {
    /// A map without entries.
    public static final CborMap EMPTY = new CborMap(List.of());

    public CborMap {
        entries = List.copyOf(entries);
        Set<CborValue> keys = new HashSet<>();
        for (Entry entry : entries) {
            if (!keys.add(entry.key())) {
                throw new IllegalArgumentException("map key " + entry.key() + ": twice (expected: once)");
            }
        }
    }

    /// One entry.
    public record Entry(CborValue key, CborValue value) {}

    /// Starts an empty map.
    public static Builder builder() {
        return new Builder();
    }

    /// The value of an integer key.
    public Optional<CborValue> find(long label) {
        return find(new Int(label));
    }

    /// The value of a key.
    public Optional<CborValue> find(CborValue key) {
        for (Entry entry : entries) {
            if (entry.key().equals(key)) {
                return Optional.of(entry.value());
            }
        }
        return Optional.empty();
    }

    /// The value of an integer key that must be there.
    ///
    /// @throws CborException.Unexpected if it is not
    public CborValue get(long label, String what) {
        return find(label).orElseThrow(() -> new CborException.Unexpected(what, "absent", "key " + label));
    }

    /// Builds a map; the order of the calls is the order of the entries.
    public static final class Builder {
        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        /// Adds an entry with an integer key.
        public Builder put(long label, CborValue value) {
            entries.add(new Entry(new Int(label), value));
            return this;
        }

        /// The map.
        ///
        /// @throws IllegalArgumentException if a key was put twice
        public CborMap build() {
            return new CborMap(entries);
        }
    }
}
