// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Measuring something as a whole, on all processors, is measuring its pages one by one.
class PageDigestsTest {
    @ParameterizedTest
    @CsvSource({
        "0x80000000, 1, 0",
        "0x80000000, 4096, 1",
        "0x80000ffc, 5, 0",
        "0x80000004, 524288, 1",
        "0x80000000, 524288, 0",
        "0x80000e8c, 1300001, 0",
        "0x80000001, 1572864, 1"
    })
    void agreesWithPageByPage(String address, int size, int hash) {
        byte[] content = new byte[size];
        Seeds.random(size).nextBytes(content);
        RealmFeatures features = new RealmFeatures(0, 41, 0, 5, 3, 0, hash);
        long at = Long.decode(address);

        RealmInitialMeasurement whole = new RealmInitialMeasurement(features);
        whole.extendContent(new IntermediatePhysicalAddress(at), source(content));

        RealmInitialMeasurement paged = new RealmInitialMeasurement(features);
        byte[] page = new byte[4096];
        for (long ipa = at & -4096; ipa < at + size; ipa += 4096) {
            source(content).readPage(ipa - at, page);
            paged.extendData(new IntermediatePhysicalAddress(ipa), page);
        }
        assertThat(whole.value()).isEqualTo(paged.value());
    }

    private static PageSource source(byte[] content) {
        return new PageSource() {
            @Override
            public long size() {
                return content.length;
            }

            @Override
            public void readPage(long offset, byte[] page) {
                for (int i = 0; i < page.length; i++) {
                    long at = offset + i;
                    page[i] = at < 0 || at >= content.length ? 0 : content[(int) at];
                }
            }
        };
    }
}
