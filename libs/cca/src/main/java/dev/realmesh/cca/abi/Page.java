// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The 4 KiB page that a structure of the interface occupies, little-endian.
final class Page {
    private Page() {}

    static byte[] empty() {
        return new byte[PhysicalAddress.GRANULE_SIZE];
    }

    static ByteBuffer over(byte[] page) {
        if (page.length != PhysicalAddress.GRANULE_SIZE) {
            throw new IllegalArgumentException("page: " + page.length + " bytes (expected: 4096)");
        }
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    }
}
