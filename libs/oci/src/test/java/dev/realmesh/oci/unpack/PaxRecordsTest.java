// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.OciException;
import dev.realmesh.testkit.Seeds;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Records of PAX headers, whole and broken.
class PaxRecordsTest {
    @Test
    void takesTheLastOfSeveralRecords() throws IOException {
        Map<String, byte[]> records = PaxRecords.of(headers());

        assertThat(records).containsOnlyKeys("SCHILY.xattr.user.a", "SCHILY.xattr.user.b");
        assertThat(records.get("SCHILY.xattr.user.a")).containsExactly(2);
        assertThat(records.get("SCHILY.xattr.user.b")).hasSize(600);
    }

    @Test
    void refusesAHeaderLongerThanWhatIsThere() throws IOException {
        byte[] headers = headers();

        assertThatThrownBy(() -> PaxRecords.of(Arrays.copyOf(headers, 512))).isInstanceOf(OciException.Malformed.class);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void readsOrRefusesChangedHeaders(long seed) throws IOException {
        RandomGenerator random = Seeds.random(seed);
        byte[] headers = headers();
        for (int round = 0; round < 300; round++) {
            byte[] changed = Arrays.copyOf(headers, random.nextInt(headers.length + 1));
            for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) "0123456789=\n xg7".charAt(random.nextInt(16));
            }
            try {
                PaxRecords.of(changed)
                        .values()
                        .forEach(value -> assertThat(value.length).isLessThan(headers.length));
            } catch (OciException refused) {
                assertThat(refused).isInstanceOf(OciException.Malformed.class);
            }
        }
    }

    /// Headers with records, then the entry's own.
    private static byte[] headers() throws IOException {
        return new LayerArchive()
                .attribute("user.a", new byte[] {1})
                .attribute("user.a", new byte[] {2})
                .attribute("user.b", new byte[600])
                .add(new TarArchiveEntry("file"))
                .toByteArray();
    }
}
