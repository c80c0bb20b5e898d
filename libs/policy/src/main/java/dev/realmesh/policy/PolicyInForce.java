// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The policy of a scheme that is in force, ready to be asked. Each time the database is asked which it is, so that all
/// instances follow a change at once; the policy is read and compiled only when it is another one.
///
/// @param <P> how it is asked
public final class PolicyInForce<P extends ReadyPolicy> {
    private final PolicyStore store;
    private final String scheme;
    private final PolicyEngine<P> engine;

    /// The one that was in force last; nothing true is in here alone.
    private final AtomicReference<Optional<Ready<P>>> latest = new AtomicReference<>(Optional.empty());

    public PolicyInForce(PolicyStore store, String scheme, PolicyEngine<P> engine) {
        this.store = store;
        this.scheme = scheme;
        this.engine = engine;
    }

    /// A policy, and what asks it.
    public record Ready<P extends ReadyPolicy>(StoredPolicy stored, P policy) {}

    /// The policy, if there is one.
    ///
    /// @throws PolicyException if it cannot be made ready
    /// @throws dev.realmesh.storage.StorageException if it cannot be known which it is
    public Optional<Ready<P>> get() {
        return store.activeId(scheme).map(this::ready);
    }

    private Ready<P> ready(String id) {
        Optional<Ready<P>> last = latest.get();
        if (last.isPresent() && last.get().stored().id().toString().equals(id)) {
            return last.get();
        }
        StoredPolicy stored = store.get(id);
        Ready<P> ready = new Ready<>(stored, engine.compile(stored.policy()));
        latest.getAndSet(Optional.of(ready))
                .filter(before -> !before.stored().id().equals(stored.id()))
                .ifPresent(before -> before.policy().close());
        return ready;
    }
}
