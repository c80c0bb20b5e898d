// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

/// Bytes that are loaded into a Realm, page by page. May be read by several threads at once.
public interface PageSource {
    /// Number of bytes.
    long size();

    /// Fills `page` with the bytes from `offset`, which may be negative; what lies outside these bytes reads as zero.
    void readPage(long offset, byte[] page);
}
