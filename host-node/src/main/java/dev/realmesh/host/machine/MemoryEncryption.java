// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// The memory encryption engine: a fresh AES-256-XTS key for each memory encryption context, in use from
/// [#create] to [#destroy]. The tweak is the granule's number, so that contents moved to another granule are noise.
final class MemoryEncryption {
    private static final int KEY_SIZE = 64;
    private static final int CONTEXTS = 0x1_0000;

    private final SecureRandom random = new SecureRandom();
    private final Map<MecId, Context> contexts = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();

    /// Makes a context with a key of its own.
    ///
    /// @throws IllegalStateException if all contexts are in use
    MecId create() {
        byte[] key = new byte[KEY_SIZE];
        random.nextBytes(key);
        Context context = new Context(key);
        for (int tries = 0; tries < CONTEXTS; tries++) {
            MecId id = new MecId(last.incrementAndGet() & (CONTEXTS - 1));
            if (id.value() != 0 && contexts.putIfAbsent(id, context) == null) {
                return id;
            }
        }
        throw new IllegalStateException("MECID: all in use (expected: a free one)");
    }

    /// Forgets the key of a context: what was written under it cannot be read again.
    void destroy(MecId id) {
        Context context = contexts.remove(id);
        if (context != null) {
            context.destroy();
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
        if (context == null) {
            throw new IllegalStateException("MECID " + id.value() + ": no key (expected: a context in use)");
        }
        return context;
    }

    private static long unit(PhysicalAddress address) {
        return address.value() / PhysicalAddress.GRANULE_SIZE;
    }

    private static int block(PhysicalAddress address) {
        return (int) (address.value() & (PhysicalAddress.GRANULE_SIZE - 1)) / XtsAes.BLOCK;
    }

    private static final class Context {
        private final byte[] key;
        private final Deque<XtsAes> idle = new ConcurrentLinkedDeque<>();

        Context(byte[] key) {
            this.key = key;
        }

        XtsAes take() {
            XtsAes cipher = idle.poll();
            return cipher == null ? new XtsAes(key, PhysicalAddress.GRANULE_SIZE) : cipher;
        }

        void give(XtsAes cipher) {
            idle.push(cipher);
        }

        void destroy() {
            idle.clear();
            Arrays.fill(key, (byte) 0);
        }
    }
}
