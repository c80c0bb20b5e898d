// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.Bytes;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A checksum (CRC-32C) of each page of something that is loaded: enough to say which pages of two files differ.
///
/// @param encoded four bytes a page, most significant first
record PageChecksums(Bytes encoded) {
    /// Of no page.
    static final PageChecksums NONE = new PageChecksums(Bytes.EMPTY);

    static PageChecksums of(LoadData data) {
        int pages = Math.toIntExact((data.top() - data.base()) / BootPlan.PAGE);
        ByteBuffer checksums = ByteBuffer.allocate(pages * Integer.BYTES);
        byte[] page = new byte[(int) BootPlan.PAGE];
        CRC32C checksum = new CRC32C();
        for (long ipa = data.base(); ipa < data.top(); ipa += BootPlan.PAGE) {
            data.blob().readPage(ipa - data.loadAddress(), page);
            checksum.reset();
            checksum.update(page);
            checksums.putInt((int) checksum.getValue());
        }
        return new PageChecksums(Bytes.copyOf(checksums.array()));
    }

    /// Number of pages.
    int count() {
        return encoded.size() / Integer.BYTES;
    }

    /// The checksums, in order.
    int[] toArray() {
        int[] checksums = new int[count()];
        ByteBuffer.wrap(encoded.toByteArray()).asIntBuffer().get(checksums);
        return checksums;
    }
}
