// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.frame;

/// The peer's bytes break the protocol; its session cannot go on.
public final class FrameException extends RuntimeException {
    /// What is wrong, as `what: got (expected: …)`.
    public FrameException(String message) {
        super(message);
    }
}
