// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.cca.Digest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The Realms that exist now.
public final class RealmRegistry {
    private final int capacity;
    private final Map<RealmId, Entry> entries = new ConcurrentHashMap<>();

    /// A Realm as its host sees it.
    ///
    /// @param image image reference that it was launched for
    /// @param rim its measurement
    /// @param createdAt when it was created
    /// @param state NEW, ACTIVE or SYSTEM_OFF (RMM 1.0, Realm state)
    public record RealmView(RealmId id, String image, Digest rim, Instant createdAt, State state) {}

    /// States of a Realm.
    public enum State {
        NEW,
        ACTIVE,
        SYSTEM_OFF
    }

    /// What is known of a Realm before it is built.
    ///
    /// @param rim its measurement, when it is computed
    record Birth(RealmId id, String image, CompletableFuture<Digest> rim, Instant createdAt) {}

    /// @param capacity how many there may be
    RealmRegistry(int capacity) {
        this.capacity = capacity;
    }

    /// Realms that exist now, oldest first.
    public List<RealmView> list() {
        return entries.values().stream()
                .map(Entry::view)
                .sorted(Comparator.comparing(RealmView::createdAt)
                        .thenComparing(view -> view.id().value()))
                .toList();
    }

    /// Ends a Realm; returns when it is gone.
    ///
    /// @throws LaunchException.NoSuchRealm if there is none of this name
    public void remove(RealmId id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            throw new LaunchException.NoSuchRealm(id);
        }
        entry.cancellation.cancel("Realm " + id + " was removed");
        entry.gone.join();
    }

    /// Ends all Realms; returns when they are gone.
    void removeAll() {
        List.copyOf(entries.values()).forEach(entry -> entry.cancellation.cancel("the host shuts down"));
        List.copyOf(entries.values()).forEach(entry -> entry.gone.join());
    }

    /// Enters a Realm.
    ///
    /// @throws LaunchException.NoRoom if there are as many as there may be
    synchronized Entry add(Birth birth, Cancellation cancellation) {
        if (entries.size() >= capacity) {
            throw new LaunchException.NoRoom(
                    "Realms: %d exist (expected: fewer than %d, max-realms)".formatted(entries.size(), capacity));
        }
        Entry entry = new Entry(this, birth, cancellation);
        entries.put(birth.id(), entry);
        return entry;
    }

    /// One Realm's place in the registry; closing leaves it.
    static final class Entry implements AutoCloseable {
        private final RealmRegistry registry;
        private final Cancellation cancellation;
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private final Birth birth;
        private volatile State state = State.NEW;

        private Entry(RealmRegistry registry, Birth birth, Cancellation cancellation) {
            this.registry = registry;
            this.birth = birth;
            this.cancellation = cancellation;
        }

        private RealmView view() {
            return new RealmView(birth.id(), birth.image(), birth.rim().join(), birth.createdAt(), state);
        }

        /// The Realm is in this state now.
        void enter(State now) {
            state = now;
        }

        @Override
        public void close() {
            registry.entries.remove(birth.id());
            gone.complete(null);
        }
    }
}
