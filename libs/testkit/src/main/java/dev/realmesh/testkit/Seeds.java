// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;

/// Seeds for property tests: a `@MethodSource("dev.realmesh.testkit.Seeds#some")` shows each seed in the test's name.
public final class Seeds {
    private Seeds() {}

    /// The seeds of one run: `-Drealmesh.seed=N` alone, else 0 to 19.
    public static LongStream some() {
        Long named = Long.getLong("realmesh.seed");
        return named == null ? LongStream.range(0, 20) : LongStream.of(named);
    }

    /// The generator of a seed; the same on every machine.
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
