// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.delivery;

import dev.realmesh.image.registry.RegistryException;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.RegistryClientException;

/// An image cannot be given out.
public abstract sealed class DeliveryException extends RuntimeException {
    private DeliveryException(String message, Throwable cause) {
        super(message, cause);
    }

    private DeliveryException(String message) {
        super(message);
    }

    /// What a failure to get something of an image's registry means.
    static DeliveryException of(Reference reference, Exception failure) {
        return switch (failure) {
            case RegistryClientException.NotFound unknown -> new Unknown(reference, unknown);
            case RegistryClientException.Denied denied -> new Refused(reference, denied);
            case RegistryClientException.LoginWithheld withheld -> new Refused(reference, withheld);
            case RegistryClientException.BadAuthFile bad -> new Refused(reference, bad);
            case RegistryException.StorageFull full -> new NoRoom(reference, full);
            default -> new Unavailable(reference, failure);
        };
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

    /// The other registry does not give it to this service.
    public static final class Refused extends DeliveryException {
        public Refused(Reference reference, Throwable cause) {
            super("image: " + reference + " is not given to this service, " + cause.getMessage(), cause);
        }
    }

    /// It does not fit on this service's disk.
    public static final class NoRoom extends DeliveryException {
        public NoRoom(Reference reference, Throwable cause) {
            super("image: " + reference + " cannot be kept, " + cause.getMessage(), cause);
        }
    }

    /// The other registry does not answer, or not rightly.
    public static final class Unavailable extends DeliveryException {
        public Unavailable(Reference reference, Throwable cause) {
            super("image: " + reference + " cannot be had now, " + cause.getMessage(), cause);
        }
    }
}
