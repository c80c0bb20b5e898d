// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.oci.OciException;
import dev.realmesh.realm.attest.BrokerException;
import dev.realmesh.realm.attest.EventLogFullException;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.image.ImageException;
import dev.realmesh.realm.secret.SecretException;
import io.grpc.Status;

/// What a run's end means on the wire, by the codes that `RealmAgentService` documents.
final class Statuses {
    private Statuses() {}

    static Status of(RuntimeException failure) {
        Status status = switch (failure) {
            case BrokerException e -> broker(e);
            case SecretException e -> Status.PERMISSION_DENIED;
            case ImageException e -> image(e);
            case OciException e -> content(e);
            case ContainerException e -> container(e);
            case EventLogFullException e -> Status.FAILED_PRECONDITION;
            default -> Status.INTERNAL;
        };
        String message = failure.getMessage();
        return status.withDescription(message == null ? failure.getClass().getSimpleName() : message)
                .withCause(failure);
    }

    private static Status broker(BrokerException failure) {
        return switch (failure) {
            case BrokerException.Refused e -> Status.PERMISSION_DENIED;
            case BrokerException.SessionEnded e -> Status.PERMISSION_DENIED;
            case BrokerException.NoSuchResource e -> Status.PERMISSION_DENIED;
            case BrokerException.Unavailable e -> Status.UNAVAILABLE;
            case BrokerException.Misbehaved e -> Status.UNAVAILABLE;
        };
    }

    private static Status image(ImageException failure) {
        return switch (failure) {
            case ImageException.Refused e -> Status.PERMISSION_DENIED;
            case ImageException.Denied e -> Status.PERMISSION_DENIED;
            case ImageException.BadCredentials e -> Status.FAILED_PRECONDITION;
            case ImageException.NotFound e -> Status.FAILED_PRECONDITION;
            case ImageException.NotRunnable e -> Status.FAILED_PRECONDITION;
            case ImageException.NoRoom e -> Status.RESOURCE_EXHAUSTED;
            case ImageException.Unavailable e -> Status.UNAVAILABLE;
        };
    }

    private static Status content(OciException failure) {
        return switch (failure) {
            case OciException.BadReference e -> Status.INVALID_ARGUMENT;
            case OciException.DigestMismatch e -> Status.DATA_LOSS;
            case OciException.SizeMismatch e -> Status.DATA_LOSS;
            case OciException.NotAuthentic e -> Status.DATA_LOSS;
            case OciException.NoKeyFits e -> Status.PERMISSION_DENIED;
            case OciException.NotAdmitted e -> Status.PERMISSION_DENIED;
            case OciException.Malformed e -> Status.FAILED_PRECONDITION;
            case OciException.Unsupported e -> Status.FAILED_PRECONDITION;
            case OciException.LimitExceeded e -> Status.FAILED_PRECONDITION;
            case OciException.HostileLayer e -> Status.FAILED_PRECONDITION;
        };
    }

    private static Status container(ContainerException failure) {
        return switch (failure) {
            case ContainerException.BadRequest e -> Status.INVALID_ARGUMENT;
            case ContainerException.Forbidden e -> Status.PERMISSION_DENIED;
            case ContainerException.NoSuchContainer e -> Status.NOT_FOUND;
            case ContainerException.WrongState e -> Status.FAILED_PRECONDITION;
            case ContainerException.NotRunnable e -> Status.FAILED_PRECONDITION;
            case ContainerException.RuntimeFailed e -> Status.INTERNAL;
            case ContainerException.Cancelled e -> Status.CANCELLED;
        };
    }
}
