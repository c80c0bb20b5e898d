// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// How the Realm calls services: each try with a deadline of its own; another try only after UNAVAILABLE, which says
/// that
/// the call did not happen.
public final class Calls {
    private static final int MAX_DESCRIPTION_CHARACTERS = 300;

    private final int tries;
    private final Duration pause;

    /// Calls with these bounds.
    ///
    /// @param tries how often a call is made at most
    /// @param pause how long to wait before the second try; doubled before each further one
    public Calls(int tries, Duration pause) {
        this.tries = tries;
        this.pause = pause;
    }

    /// Five tries, 1.5 s of waiting in all: enough for an instance of a service to be replaced by another.
    public static Calls standard() {
        return new Calls(5, Duration.ofMillis(100));
    }

    <T> T retrying(Supplier<T> call) {
        for (int failed = 1; ; failed++) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (!again(failed, e)) {
                    throw e;
                }
            }
        }
    }

    /// Whether to try once more; waits before it says yes.
    ///
    /// @param failed how many tries in a row have failed
    boolean again(int failed, StatusRuntimeException last) {
        return failed < tries
                && last.getStatus().getCode() == Status.Code.UNAVAILABLE
                && waited(pause.multipliedBy(1L << (failed - 1)));
    }

    /// What the other end says about a failure: one line, bounded, for its text comes through the host.
    static String description(StatusRuntimeException failure) {
        return description(failure.getStatus());
    }

    static String description(Status status) {
        String text = status.getDescription() == null ? "" : ": " + status.getDescription();
        String line = (status.getCode() + text).replaceAll("\\p{Cntrl}", " ");
        return line.substring(0, Math.min(line.length(), MAX_DESCRIPTION_CHARACTERS));
    }

    private static boolean waited(Duration wait) {
        try {
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
