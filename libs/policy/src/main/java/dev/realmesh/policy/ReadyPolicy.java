// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy;

/// A policy that is ready to be asked, in whatever language it is.
public interface ReadyPolicy extends AutoCloseable {
    /// Lets go of what it holds elsewhere.
    @Override
    default void close() {}
}
