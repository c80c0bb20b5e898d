// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.PhysicalAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /// How many there may be.
    public int capacity() {
        return capacity;
    }

    /// Realms that exist now, oldest first.
    public List<RealmView> list() {
        return entries.values().stream()
                .map(Entry::view)
                .sorted(Comparator.comparing(RealmView::createdAt)
                        .thenComparing(view -> view.id().value()))
                .toList();
    }

    /// A Realm.
    ///
    /// @throws LaunchException.NoSuchRealm if there is none of this name
    public RealmView get(RealmId id) {
        return entry(id).view();
    }

    /// The granule of the Realm's descriptor.
    ///
    /// @throws LaunchException.NoSuchRealm if there is none of this name, or it is not built yet
    public PhysicalAddress descriptor(RealmId id) {
        return entry(id).descriptor.orElseThrow(() -> new LaunchException.NoSuchRealm(id));
    }

    /// Waits until the Realm is gone, but not longer than this.
    ///
    /// @return whether it is gone
    public boolean awaitGone(RealmId id, Duration most) throws InterruptedException {
        Entry entry = entries.get(id);
        if (entry == null) {
            return true;
        }
        try {
            entry.gone.get(most.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Realm " + id + ": its end failed (expected: it cannot)", e);
        }
    }

    private Entry entry(RealmId id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            throw new LaunchException.NoSuchRealm(id);
        }
        return entry;
    }

    /// Ends a Realm; returns when it is gone.
    ///
    /// @throws LaunchException.NoSuchRealm if there is none of this name
    public void remove(RealmId id) {
        Entry entry = entry(id);
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
        private volatile Optional<PhysicalAddress> descriptor = Optional.empty();

        private Entry(RealmRegistry registry, Birth birth, Cancellation cancellation) {
            this.registry = registry;
            this.birth = birth;
            this.cancellation = cancellation;
        }

        private RealmView view() {
            return new RealmView(birth.id(), birth.image(), birth.rim().join(), birth.createdAt(), state);
        }

        /// The Realm is built, with its descriptor there.
        void built(PhysicalAddress at) {
            descriptor = Optional.of(at);
            state = State.ACTIVE;
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
