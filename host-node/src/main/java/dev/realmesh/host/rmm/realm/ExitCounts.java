// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.realm;

import dev.realmesh.cca.abi.RecExit;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How often a Realm's processors left to the host, by reason. Any thread may count.
public final class ExitCounts {
    private final AtomicLongArray counts = new AtomicLongArray(RecExit.Reason.values().length);

    /// One more.
    public void add(RecExit.Reason reason) {
        counts.incrementAndGet(reason.number());
    }

    /// The counts of all reasons.
    public Map<RecExit.Reason, Long> byReason() {
        return Arrays.stream(RecExit.Reason.values())
                .collect(Collectors.toMap(Function.identity(), reason -> counts.get(reason.number())));
    }
}
