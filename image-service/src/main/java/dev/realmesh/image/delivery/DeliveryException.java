// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;

/// An image cannot be given out.
public abstract sealed class DeliveryException extends RuntimeException {
    private DeliveryException(String message, Throwable cause) {
        super(message, cause);
    }

    private DeliveryException(String message) {
        super(message);
    }

    /// There is no such image, or no such blob of it.
    public static final class Unknown extends DeliveryException {
        public Unknown(Reference reference, Throwable cause) {
            super("image: " + reference + " is not there (expected: one that was pushed there)", cause);
        }

        public Unknown(Reference reference, OciDigest blob) {
            super("image: " + reference + " has no blob " + blob + " here");
        }
    }

    /// The reference is to a registry that this service may not ask.
    public static final class NotAllowed extends DeliveryException {
        public NotAllowed(Reference reference) {
            super("registry: " + reference.registry() + " (expected: one of upstream-registries)");
        }
    }

    /// The other registry does not answer, or not rightly.
    public static final class Unavailable extends DeliveryException {
        public Unavailable(Reference reference, Throwable cause) {
            super("image: " + reference + " cannot be had now, " + cause.getMessage(), cause);
        }
    }
}
