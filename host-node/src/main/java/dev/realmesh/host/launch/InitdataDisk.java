// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.kbs.KbsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/// A Realm's initdata as its host hands it over: as a disk in kata's format ("initdata", u64 little-endian length, gzip
/// of
/// the document, zeros to a full sector), and as the personalization value that binds it.
public final class InitdataDisk {
    private static final byte[] MAGIC = "initdata".getBytes(StandardCharsets.US_ASCII);
    private static final int SECTOR = 512;

    private final Initdata initdata;

    private InitdataDisk(Initdata initdata) {
        this.initdata = initdata;
    }

    /// The disk of a document.
    ///
    /// @throws LaunchException.BadRequest if it is no initdata document
    public static InitdataDisk of(byte[] document) {
        try {
            return new InitdataDisk(Initdata.parse(document));
        } catch (KbsException.Malformed e) {
            throw new LaunchException.BadRequest("initdata: " + e.getMessage());
        }
    }

    /// What the Realm is created with, so that its evidence names this document.
    public RealmPersonalizationValue personalizationValue() {
        return RealmPersonalizationValue.of(initdata.personalizationValue());
    }

    /// The disk's bytes.
    public byte[] image() {
        byte[] compressed = gzip(initdata.toBytes());
        int used = MAGIC.length + Long.BYTES + compressed.length;
        return ByteBuffer.allocate((used + SECTOR - 1) / SECTOR * SECTOR)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putLong(compressed.length)
                .put(compressed)
                .array();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
