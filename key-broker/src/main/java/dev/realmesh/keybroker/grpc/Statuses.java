// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import dev.realmesh.cca.ear.EarException;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.keybroker.admin.AdminException;
import dev.realmesh.keybroker.keyprovider.KeyProviderException;
import dev.realmesh.keybroker.rcar.RcarException;
import dev.realmesh.keybroker.release.ReleaseException;
import dev.realmesh.keybroker.resource.ResourceException;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.storage.StorageException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Errors of the domain as status codes: the one place that knows both.
final class Statuses {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

    private Statuses() {}

    /// Answers a unary call with what `work` gives, or with the status of what it throws.
    static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
        T answer;
        try {
            answer = work.get();
        } catch (RuntimeException e) {
            observer.onError(refusal(e));
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static StatusRuntimeException refusal(RuntimeException e) {
        Status status = of(e);
        if (status.getCode() == Status.Code.INTERNAL || e instanceof StorageException) {
            LOG.error("call failed", e);
        } else {
            LOG.info("call refused: {}: {}", status.getCode(), e.getMessage());
        }
        return status.asRuntimeException();
    }

    static Status of(RuntimeException e) {
        return switch (e) {
            case RcarException refused -> code(refused).withDescription(refused.getMessage());
            case ReleaseException refused -> code(refused).withDescription(refused.getMessage());
            case ResourceException refused -> code(refused).withDescription(refused.getMessage());
            case PolicyException refused -> code(refused).withDescription(refused.getMessage());
            case EarException refused -> Status.INVALID_ARGUMENT.withDescription("ear: " + refused.getMessage());
            case AdminException refused -> code(refused).withDescription(refused.getMessage());
            case KbsException refused -> code(refused).withDescription(refused.getMessage());
            case KeyProviderException refused -> code(refused).withDescription(refused.getMessage());
            case StorageException failed ->
                Status.UNAVAILABLE.withDescription("database: not available (expected: see key-broker's log)");
            default -> Status.INTERNAL.withDescription("key-broker: failed (expected: see its log)");
        };
    }

    private static Status code(RcarException e) {
        return switch (e) {
            case RcarException.Unsupported unused -> Status.INVALID_ARGUMENT;
            case RcarException.NotEvidence unused -> Status.INVALID_ARGUMENT;
            case RcarException.TooManySessions unused -> Status.RESOURCE_EXHAUSTED;
            case RcarException.NoSession unused -> Status.UNAUTHENTICATED;
            case RcarException.ChallengeUsed unused -> Status.UNAUTHENTICATED;
            case RcarException.NotAttested unused -> Status.UNAUTHENTICATED;
            case RcarException.NotBound unused -> Status.UNAUTHENTICATED;
            case RcarException.InitdataNotBound unused -> Status.PERMISSION_DENIED;
            case RcarException.NotAffirming unused -> Status.PERMISSION_DENIED;
            case RcarException.NotTrusted unused -> Status.PERMISSION_DENIED;
            case RcarException.VerifierUnavailable unused -> Status.UNAVAILABLE;
            case RcarException.VerifierTimedOut unused -> Status.DEADLINE_EXCEEDED;
            case RcarException.VerifierFailed unused -> Status.INTERNAL;
        };
    }

    private static Status code(ReleaseException e) {
        return switch (e) {
            case ReleaseException.Denied unused -> Status.PERMISSION_DENIED;
            case ReleaseException.Undecided unused -> Status.UNAVAILABLE;
            case ReleaseException.NotFound unused -> Status.NOT_FOUND;
        };
    }

    private static Status code(PolicyException e) {
        return switch (e) {
            case PolicyException.Invalid unused -> Status.INVALID_ARGUMENT;
            case PolicyException.NotFound unused -> Status.NOT_FOUND;
            case PolicyException.NoEngine unused -> Status.FAILED_PRECONDITION;
            case PolicyException.Unavailable unused -> Status.UNAVAILABLE;
        };
    }

    private static Status code(ResourceException e) {
        return switch (e) {
            case ResourceException.WrongSize unused -> Status.INVALID_ARGUMENT;
            case ResourceException.Unreadable unused -> Status.INTERNAL;
            case ResourceException.SharedMasterKey unused -> Status.FAILED_PRECONDITION;
            case ResourceException.NoMasterKey unused -> Status.FAILED_PRECONDITION;
            case ResourceException.NoVersions unused -> Status.FAILED_PRECONDITION;
            case ResourceException.VaultAway unused -> Status.UNAVAILABLE;
        };
    }

    private static Status code(AdminException e) {
        return switch (e) {
            case AdminException.Unauthenticated unused -> Status.UNAUTHENTICATED;
            case AdminException.Forbidden unused -> Status.PERMISSION_DENIED;
        };
    }

    private static Status code(KbsException e) {
        return switch (e) {
            case KbsException.Malformed unused -> Status.INVALID_ARGUMENT;
            case KbsException.NotSealedToKey unused -> Status.INTERNAL;
            case KbsException.StatementRefused unused -> Status.INTERNAL;
            case KbsException.ChainBroken unused -> Status.INTERNAL;
        };
    }

    private static Status code(KeyProviderException e) {
        return switch (e) {
            case KeyProviderException.Malformed unused -> Status.INVALID_ARGUMENT;
            case KeyProviderException.Unsupported unused -> Status.INVALID_ARGUMENT;
            case KeyProviderException.NotItsKey unused -> Status.PERMISSION_DENIED;
            case KeyProviderException.NoKey unused -> Status.FAILED_PRECONDITION;
            case KeyProviderException.TooManyKeys unused -> Status.RESOURCE_EXHAUSTED;
            case KeyProviderException.TooOften unused -> Status.RESOURCE_EXHAUSTED;
            case KeyProviderException.OnlyInRealms unused -> Status.PERMISSION_DENIED;
        };
    }
}
