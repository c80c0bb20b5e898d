// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

import java.util.List;

/// gRPC metadata on the wire: names and values in order, values of `-bin` names raw.
///
/// @param entries the pairs
public record MetadataBlock(List<Entry> entries) {
    /// Nothing.
    public static final MetadataBlock EMPTY = new MetadataBlock(List.of());

    public MetadataBlock {
        entries = List.copyOf(entries);
    }

    /// What counts against the limit of a peer: names, values, and 32 for each pair, as HTTP/2 counts
    /// (RFC 9113 §6.5.2).
    public int size() {
        long size = 0;
        for (Entry entry : entries) {
            size += 32L + entry.name().length() + entry.value().length();
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /// One pair.
    ///
    /// @param name lower-case ASCII letters, digits, `-`, `_` and `.`
    /// @param value printable ASCII, or any bytes if the name ends in `-bin`
    public record Entry(Bytes name, Bytes value) {
        /// Whether gRPC would take the pair from any transport; what fails this could become another header,
        /// or two, where the call leaves over HTTP.
        public boolean wellFormed() {
            if (name.isEmpty()) {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                if (!nameOctet(name.array()[name.offset() + i])) {
                    return false;
                }
            }
            return binary() || printable();
        }

        private boolean binary() {
            int end = name.offset() + name.length();
            byte[] a = name.array();
            return name.length() > 4
                    && a[end - 4] == '-'
                    && a[end - 3] == 'b'
                    && a[end - 2] == 'i'
                    && a[end - 1] == 'n';
        }

        private boolean printable() {
            for (int i = 0; i < value.length(); i++) {
                byte octet = value.array()[value.offset() + i];
                if (octet < 0x20 || octet > 0x7e) {
                    return false;
                }
            }
            return true;
        }

        private static boolean nameOctet(byte octet) {
            return (octet >= 'a' && octet <= 'z')
                    || (octet >= '0' && octet <= '9')
                    || octet == '-'
                    || octet == '_'
                    || octet == '.';
        }
    }
}
