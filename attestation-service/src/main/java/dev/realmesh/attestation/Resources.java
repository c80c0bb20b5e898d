// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation;

import java.util.ArrayDeque;
import java.util.Deque;

/// What the service holds open, to be closed in the opposite order.
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("attestation-service: does not close: " + e.getMessage(), e);
            }
        }
    }
}
