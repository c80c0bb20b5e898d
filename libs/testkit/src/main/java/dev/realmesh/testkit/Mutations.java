// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.testkit;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Random changes of binary formats, for tests of their readers.
public final class Mutations {
    private static final int LONGEST = 16;

    private Mutations() {}

    /// A copy of `good`, which is not empty, with one to three changes: a bit or byte that is another, a length or type
    /// that is one more or less, up to 16 bytes that are left out, put in twice or put over others.
    public static byte[] of(byte[] good, RandomGenerator random) {
        byte[] bytes = good;
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, RandomGenerator random) {
        int at = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(LONGEST), bytes.length - at);
        byte[] other = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> other[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> other[at] = (byte) random.nextInt(256);
            case 2 -> other[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 3 -> {
                return spliced(bytes, at, at + length < bytes.length ? at + length : at, new byte[0]);
            }
            default -> {
                int from = random.nextInt(bytes.length);
                byte[] slice = Arrays.copyOfRange(bytes, from, Math.min(from + length, bytes.length));
                return spliced(bytes, at, random.nextBoolean() ? at : at + length, slice);
            }
        }
        return other;
    }

    /// `bytes` with `slice` in the place of those from `start` to `end`.
    private static byte[] spliced(byte[] bytes, int start, int end, byte[] slice) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (end - start) + slice.length);
        System.arraycopy(slice, 0, result, start, slice.length);
        System.arraycopy(bytes, end, result, start + slice.length, bytes.length - end);
        return result;
    }
}
