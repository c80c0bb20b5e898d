// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blobs whose digest is known before, and after, they are written.
class OciLayoutWriterTest {
    private static final byte[] CONTENT = {1, 2, 3};
    private static final Descriptor BLOB =
            new Descriptor("application/octet-stream", OciDigest.of(CONTENT), CONTENT.length, Map.of());

    @TempDir
    Path folder;

    @Test
    void namesABlobByWhatWasWritten() throws IOException {
        OciLayoutWriter writer = OciLayoutWriter.open(folder, "1");

        Descriptor written = writer.putBlob(out -> {
            out.write(CONTENT);
            return BLOB;
        });

        assertThat(written).isEqualTo(BLOB);
        try (InputStream read = OciLayout.open(folder).open(BLOB)) {
            assertThat(read.readAllBytes()).isEqualTo(CONTENT);
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
    }

    @Test
    void keepsNothingOfABlobThatIsNotWrittenToItsEnd() throws IOException {
        OciLayoutWriter writer = OciLayoutWriter.open(folder, "1");

        assertThatThrownBy(() -> writer.putBlob(out -> {
                    out.write(CONTENT);
                    throw new OciException.Malformed("half of it");
                }))
                .hasMessage("half of it");
        assertThatThrownBy(() -> writer.putBlob(BLOB, new ByteArrayInputStream(new byte[3])))
                .isInstanceOf(OciException.DigestMismatch.class);

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
        assertThatThrownBy(() -> OciLayout.open(folder).open(BLOB)).isInstanceOf(IOException.class);
    }

    @Test
    void givesPlacesThatAskForTheDigestFirstTheWholeBlob() throws IOException {
        Asking place = new Asking(new ArrayList<>());

        Descriptor written = place.putBlob(out -> {
            out.write(CONTENT);
            return BLOB;
        });

        assertThat(written).isEqualTo(BLOB);
        assertThat(place.blobs).containsExactly(BLOB);
    }

    /// A place of the simplest kind.
    private record Asking(List<Descriptor> blobs) implements ImageSink {
        @Override
        public void putBlob(Descriptor blob, InputStream content) throws IOException {
            blob.digest().check("blob", content.readAllBytes());
            blobs.add(blob);
        }

        @Override
        public void putManifest(Descriptor manifest, byte[] content) {
            blobs.add(manifest);
        }
    }
}
