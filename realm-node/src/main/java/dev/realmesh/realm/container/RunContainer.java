// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.container.RunEvent.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The main flow of a run: attest, get the keys, pull, verify, decrypt and unpack the image ([CreateContainer]), run
/// it,
/// record what runs ([RecordStart]), forget it. Blocking; an interrupt ends it wherever it is.
public final class RunContainer {
    private final Containers containers;
    private final RecordStart record;
    private final Duration grace;
    private final InstantSource clock;

    /// Runs containers in this Realm.
    ///
    /// @param grace how long a container may take to end that its caller does not want any more
    public RunContainer(Containers containers, RecordStart record, Duration grace, InstantSource clock) {
        this.containers = containers;
        this.record = record;
        this.grace = grace;
        this.clock = clock;
    }

    /// Runs a container to its end.
    ///
    /// @return its exit code
    /// @throws ContainerException and the exceptions of [CreateContainer#create] if it does not run
    public int run(RunRequest request, RunEvents events) {
        Container container = containers.create(request, ContainerOptions.NONE, events);
        var attachment = containers.attach(container, events);
        try {
            Instant start = clock.instant();
            container.start();
            tell(record.record(), events);
            int exitCode = container.await();
            Duration elapsed = Duration.between(start, clock.instant());
            events.accept(new RunEvent.StepFinished(
                    Step.RUN, elapsed, container.prepared().remark()));
            return exitCode;
        } catch (InterruptedException e) {
            throw new ContainerException.Cancelled();
        } finally {
            containers.remove(container, grace);
            attachment.close();
        }
    }

    private static void tell(RecordStart.Recorded recorded, RunEvents events) {
        events.accept(new RunEvent.StepFinished(Step.RECORD, recorded.elapsed(), recorded.remark()));
        if (!recorded.resultId().isEmpty()) {
            events.accept(new RunEvent.Attested(recorded.resultId()));
        }
    }
}
