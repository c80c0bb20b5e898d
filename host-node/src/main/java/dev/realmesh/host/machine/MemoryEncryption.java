// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The memory encryption engine: an AES-256-XTS key for each memory encryption context, which it makes when the context
/// is first used. The tweak is the granule's number, so that contents moved to another granule are noise.
final class MemoryEncryption {
    private static final int KEY_SIZE = 64;

    private final SecureRandom random = new SecureRandom();
    private final Map<MecId, Context> contexts = new ConcurrentHashMap<>();

    /// Gives a context a fresh key, and forgets the one that it had.
    void refresh(MecId id) {
        Context old = contexts.put(id, newContext());
        if (old != null) {
            old.destroy();
        }
    }

    /// Encrypts whole blocks in place: `length` bytes of `bytes` from `offset` on, for `address` and what follows in
    /// its
    /// granule.
    void encrypt(MecId id, PhysicalAddress address, byte[] bytes, int offset, int length) {
        Context context = context(id);
        XtsAes cipher = context.take();
        cipher.encrypt(unit(address), block(address), bytes, offset, length);
        context.give(cipher);
    }

    /// Decrypts what `address` and what follows in its granule hold; otherwise as [#encrypt].
    void decrypt(MecId id, PhysicalAddress address, byte[] bytes, int offset, int length) {
        Context context = context(id);
        XtsAes cipher = context.take();
        cipher.decrypt(unit(address), block(address), bytes, offset, length);
        context.give(cipher);
    }

    private Context context(MecId id) {
        Context context = contexts.get(id);
        return context == null ? contexts.computeIfAbsent(id, unused -> newContext()) : context;
    }

    private Context newContext() {
        byte[] key = new byte[KEY_SIZE];
        random.nextBytes(key);
        return new Context(key);
    }

    private static long unit(PhysicalAddress address) {
        return address.value() / PhysicalAddress.GRANULE_SIZE;
    }

    private static int block(PhysicalAddress address) {
        return (int) (address.value() & (PhysicalAddress.GRANULE_SIZE - 1)) / XtsAes.BLOCK;
    }

    private static final class Context {
        /// As many as threads may be in the engine at once; more of them make ciphers that are not kept.
        private static final int KEPT = 16;

        private final byte[] key;
        private final AtomicReferenceArray<@Nullable XtsAes> idle = new AtomicReferenceArray<>(KEPT);

        Context(byte[] key) {
            this.key = key;
        }

        XtsAes take() {
            for (int place = 0; place < KEPT; place++) {
                XtsAes cipher = idle.get(place) == null ? null : idle.getAndSet(place, null);
                if (cipher != null) {
                    return cipher;
                }
            }
            return new XtsAes(key, PhysicalAddress.GRANULE_SIZE);
        }

        void give(XtsAes cipher) {
            for (int place = 0; place < KEPT; place++) {
                if (idle.get(place) == null && idle.compareAndSet(place, null, cipher)) {
                    return;
                }
            }
        }

        void destroy() {
            for (int place = 0; place < KEPT; place++) {
                idle.set(place, null);
            }
            Arrays.fill(key, (byte) 0);
        }
    }
}
