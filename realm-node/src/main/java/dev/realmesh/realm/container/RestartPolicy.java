// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.time.Duration;

/// What happens when a container ended by itself: it is started again, after a pause that doubles from 100 ms to a
/// minute, or not. Each start is measured.
///
/// @param when after which ends
/// @param mostRestarts after how many it is not started any more; 0 for no limit
public record RestartPolicy(When when, int mostRestarts) {
    /// It is not started again.
    public static final RestartPolicy NEVER = new RestartPolicy(When.NEVER, 0);

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final int MOST_DOUBLINGS = 9;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /// After which ends.
    public enum When {
        /// None.
        NEVER,
        /// Those with another exit code than 0.
        ON_FAILURE,
        /// All.
        ALWAYS
    }

    public RestartPolicy {
        if (mostRestarts < 0) {
            throw new ContainerException.BadRequest("restarts: " + mostRestarts + " (expected: at least 0)");
        }
    }

    /// Whether it is started again.
    ///
    /// @param restarts how often it was
    boolean again(int exitCode, int restarts) {
        boolean asked = when == When.ALWAYS || (when == When.ON_FAILURE && exitCode != 0);
        return asked && (mostRestarts == 0 || restarts < mostRestarts);
    }

    /// How long to wait before.
    static Duration pause(int restarts) {
        Duration pause = Duration.ofMillis(FIRST_PAUSE_MILLIS << Math.min(restarts, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
