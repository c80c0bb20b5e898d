// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

/// What a listener hears of a container, until it is closed.
@FunctionalInterface
public interface Attachment extends AutoCloseable {
    @Override
    void close();
}
