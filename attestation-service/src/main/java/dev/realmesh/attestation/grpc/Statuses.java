// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import dev.realmesh.attestation.appraisal.AppraisalException;
import dev.realmesh.attestation.coco.CocoException;
import dev.realmesh.attestation.endorsement.EndorsementException;
import dev.realmesh.attestation.reference.ReferenceException;
import dev.realmesh.attestation.result.ResultException;
import dev.realmesh.kbs.KbsException;
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

    /// Starts a stream, or ends it with the status of what `work` throws.
    static <T> void guard(StreamObserver<T> observer, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            observer.onError(refusal(e));
        }
    }

    private static StatusRuntimeException refusal(RuntimeException e) {
        Status status = of(e);
        if (status.getCode() == Status.Code.INTERNAL || status.getCode() == Status.Code.UNAVAILABLE) {
            LOG.error("call failed", e);
        } else {
            LOG.info("call refused: {}: {}", status.getCode(), e.getMessage());
        }
        return status.asRuntimeException();
    }

    private static Status of(RuntimeException e) {
        return switch (e) {
            case AppraisalException refused -> code(refused).withDescription(refused.getMessage());
            case EndorsementException refused -> code(refused).withDescription(refused.getMessage());
            case PolicyException refused -> code(refused).withDescription(refused.getMessage());
            case ResultException refused -> code(refused).withDescription(refused.getMessage());
            case CocoException refused -> code(refused).withDescription(refused.getMessage());
            case ReferenceException refused -> code(refused).withDescription(refused.getMessage());
            case KbsException.Malformed refused -> Status.INVALID_ARGUMENT.withDescription(refused.getMessage());
            case StorageException failed ->
                Status.UNAVAILABLE.withDescription("database: not available (expected: see the service's log)");
            default -> Status.INTERNAL.withDescription("attestation-service: failed (expected: see its log)");
        };
    }

    private static Status code(AppraisalException e) {
        return switch (e) {
            case AppraisalException.NotEvidence unused -> Status.INVALID_ARGUMENT;
            case AppraisalException.Unavailable unused -> Status.UNAVAILABLE;
        };
    }

    private static Status code(EndorsementException e) {
        return switch (e) {
            case EndorsementException.Refused unused -> Status.INVALID_ARGUMENT;
            case EndorsementException.WrongMediaType unused -> Status.INVALID_ARGUMENT;
            case EndorsementException.NotPassedOn unused -> Status.FAILED_PRECONDITION;
            case EndorsementException.AlreadyStored unused -> Status.ALREADY_EXISTS;
            case EndorsementException.Conflict unused -> Status.FAILED_PRECONDITION;
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

    private static Status code(ResultException e) {
        return switch (e) {
            case ResultException.NotFound unused -> Status.NOT_FOUND;
            case ResultException.BadRequest unused -> Status.INVALID_ARGUMENT;
            case ResultException.TooManyWatchers unused -> Status.RESOURCE_EXHAUSTED;
        };
    }

    private static Status code(CocoException e) {
        return switch (e) {
            case CocoException.Malformed unused -> Status.INVALID_ARGUMENT;
            case CocoException.UnsupportedTee unused -> Status.UNIMPLEMENTED;
            case CocoException.UnknownPolicy unused -> Status.NOT_FOUND;
            case CocoException.PolicyLanguage unused -> Status.FAILED_PRECONDITION;
            case CocoException.EvidenceRefused unused -> Status.PERMISSION_DENIED;
        };
    }

    private static Status code(ReferenceException e) {
        return switch (e) {
            case ReferenceException.Malformed unused -> Status.INVALID_ARGUMENT;
            case ReferenceException.UnsupportedType unused -> Status.UNIMPLEMENTED;
            case ReferenceException.TooMany unused -> Status.RESOURCE_EXHAUSTED;
        };
    }
}
