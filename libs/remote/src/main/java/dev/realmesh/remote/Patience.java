// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.remote;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

/// How often a service is asked. While it does not answer it is asked again; when it goes on so, it is left alone for a
/// while, and work fails at once. May block.
public final class Patience {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int FAILURES = 10;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private final URI base;
    private final Retry retry;
    private final CircuitBreaker breaker;

    /// @param base of the service, for messages
    /// @param attempts how often one piece of work is tried, 1 to 10
    public Patience(URI base, int attempts) {
        this.base = base;
        this.retry = Retry.of(
                base.toString(),
                RetryConfig.custom()
                        .maxAttempts(attempts)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE))
                        .retryExceptions(RemoteException.Unreachable.class)
                        .build());
        this.breaker = CircuitBreaker.of(
                base.toString(),
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(FAILURES)
                        .minimumNumberOfCalls(FAILURES)
                        .waitDurationInOpenState(LEFT_ALONE)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .recordExceptions(RemoteException.Unreachable.class)
                        .build());
    }

    /// Checks a configured number of attempts.
    public static void requireAttempts(int attempts) {
        if (attempts < 1 || attempts > 10) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1-10)");
        }
    }

    /// Does work that asks the service.
    ///
    /// @throws RemoteException what the last attempt throws
    public <T> T during(Supplier<T> work) {
        try {
            return retry.executeSupplier(() -> breaker.executeSupplier(work));
        } catch (CallNotPermittedException e) {
            throw new RemoteException.Unreachable(
                    base, "left alone for " + LEFT_ALONE.toSeconds() + " s after " + FAILURES + " failures");
        }
    }
}
