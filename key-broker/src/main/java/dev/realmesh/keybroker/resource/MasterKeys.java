// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.resource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The master keys that a broker has: the first wraps, the others open what was wrapped before it was there. Material
/// of
/// a ring is that of its keys, one after the other.
public final class MasterKeys implements AutoCloseable {
    private static final int MAX_KEYS = 8;

    private final List<MasterKey> keys;

    private MasterKeys(List<MasterKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// The keys of this material.
    ///
    /// @throws IllegalArgumentException if it is not 1 to 8 times 32 bytes long
    public static MasterKeys of(byte[] material) {
        int length = AesGcm.KEY_LENGTH;
        if (material.length == 0 || material.length % length != 0 || material.length > MAX_KEYS * length) {
            throw new IllegalArgumentException("master key: " + material.length + " bytes (expected: 1 to " + MAX_KEYS
                    + " keys of " + length + " bytes, the one that wraps first)");
        }
        List<MasterKey> keys = new ArrayList<>();
        for (int from = 0; from < material.length; from += length) {
            byte[] one = Arrays.copyOfRange(material, from, from + length);
            keys.add(MasterKey.of(one));
            Arrays.fill(one, (byte) 0);
        }
        return new MasterKeys(keys);
    }

    /// The keys of this material, which is overwritten.
    ///
    /// @throws IllegalArgumentException as [#of]
    public static MasterKeys taking(byte[] material) {
        try {
            return of(material);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    /// The key that wraps.
    MasterKey current() {
        return keys.getFirst();
    }

    /// The key of an id, if it is there.
    Optional<MasterKey> withId(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /// Their ids, the one that wraps first.
    List<String> ids() {
        return keys.stream().map(MasterKey::id).toList();
    }

    @Override
    public void close() {
        keys.forEach(MasterKey::close);
    }

    @Override
    public String toString() {
        return "MasterKeys" + ids();
    }
}
