// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// RFC 8949: the examples of appendix A that the subset has, refusals of what it has not, and the round trip.
class CborValueTest {
    private static final CborLimits LIMITS = new CborLimits(4096, 16, 512);

    @ParameterizedTest
    @CsvSource({
        "00",
        "17",
        "1818",
        "1903e8",
        "1a000f4240",
        "1b000000e8d4a51000",
        "20",
        "3863",
        "3903e7",
        "f4",
        "f5",
        "f6",
        "f7",
        "f0",
        "f8ff",
        "40",
        "4401020304",
        "60",
        "6449455446",
        "62c3bc",
        "64f0908591",
        "80",
        "83010203",
        "8301820203820405",
        "a0",
        "a201020304",
        "a26161016162820203",
        "c11a514b67b0",
        "d74401020304"
    })
    void decodesAndEncodesExamplesOfAppendixA(String hex) {
        assertThat(CborValue.decode(Bytes.ofHex(hex), LIMITS).encode().hex()).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "18, 1, input ends",
        "1c, 0, reserved",
        "5f4101ff, 0, indefinite",
        "9f01ff, 0, indefinite",
        "bf0102ff, 0, indefinite",
        "ff, 0, break",
        "f97e00, 0, float",
        "fa47c35000, 0, float",
        "fb3ff199999999999a, 0, float",
        "f814, 0, simple value",
        "0000, 1, bytes follow",
        "4201, 1, announced",
        "8201, 1, announced",
        "9affffffff, 5, announced",
        "5affffffff00, 5, announced",
        "a201020103, 3, duplicate",
        "61ff, 0, UTF-8",
        "1bffffffffffffffff, 0, 63 bits"
    })
    void refusesWhatIsNotInTheSubsetAndSaysWhere(String hex, int offset, String what) {
        assertThatThrownBy(() -> CborValue.decode(Bytes.ofHex(hex), LIMITS))
                .isInstanceOf(CborException.class)
                .hasMessageStartingWith("offset " + offset + ": ")
                .hasMessageContaining(what);
    }

    @Test
    void refusesDeeperThanTheLimit() {
        assertThat(CborValue.decode(Bytes.ofHex("81".repeat(15) + "00"), LIMITS))
                .isNotNull();
        assertThatThrownBy(() -> CborValue.decode(Bytes.ofHex("81".repeat(16) + "00"), LIMITS))
                .isInstanceOf(CborException.OverLimit.class);
        assertThatThrownBy(() -> CborValue.decode(Bytes.ofHex("81".repeat(4000)), LIMITS))
                .isInstanceOf(CborException.OverLimit.class);
    }

    @Test
    void refusesMoreItemsOrBytesThanTheLimit() {
        assertThatThrownBy(() -> CborValue.decode(wide(600), LIMITS)).isInstanceOf(CborException.OverLimit.class);
        assertThatThrownBy(() -> CborValue.decode(Bytes.EMPTY.padTo(4097), LIMITS))
                .isInstanceOf(CborException.OverLimit.class);
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void whatIsEncodedDecodesToTheSame(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < 50; i++) {
            CborValue value = any(random, 5);
            assertThat(CborValue.decode(value.encode(), CborLimits.ENDORSEMENTS))
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void anyBytesAreAnItemOrRefused(long seed) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            try {
                CborValue value = CborValue.decode(Bytes.copyOf(noise), LIMITS);
                assertThat(CborValue.decode(value.encode(), LIMITS)).isEqualTo(value);
            } catch (CborException e) {
                assertThat(e).hasMessageStartingWith("offset ");
            }
        }
    }

    private static Bytes wide(int count) {
        List<CborValue> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(CborValue.of(0));
        }
        return new CborValue.Array(items).encode();
    }

    private static CborValue any(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> CborValue.of(random.nextLong() >> random.nextInt(64));
            case 1 -> CborValue.of(Bytes.EMPTY.padTo(random.nextInt(300)));
            case 2 -> CborValue.of("ü".repeat(random.nextInt(200)));
            case 3 -> new CborValue.Simple(20 + random.nextInt(4));
            case 4 -> new CborValue.Tagged(random.nextLong() >>> 1 + random.nextInt(62), any(random, depth - 1));
            case 5 -> {
                List<CborValue> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(any(random, depth - 1));
                }
                yield new CborValue.Array(items);
            }
            default -> {
                CborMap.Builder map = CborMap.builder();
                for (int i = random.nextInt(30); i > 0; i -= 7) {
                    map.put(i, any(random, depth - 1));
                }
                yield map.build();
            }
        };
    }
}
