// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.host.launch.LaunchException.AgentFailed;
import dev.realmesh.host.launch.RealmPlans.Planned;
import dev.realmesh.host.launch.RealmRegistry.Birth;
import dev.realmesh.host.launch.RealmRegistry.State;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.vmm.RealmHost;
import dev.realmesh.host.vmm.RealmMachine;
import dev.realmesh.host.vmm.VmmException;
import dev.realmesh.host.vmm.plan.PlanException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Launches Realms: each lives as long as its call. With a workload, it runs that, and the call returns when it ended;
/// the
/// Realm is gone when the call returns, however it returns.
public final class LaunchWorkload {
    private static final Duration POWER_OFF_GRACE = Duration.ofSeconds(2);
    private static final Duration END_GRACE = Duration.ofMillis(500);

    private final RealmHost host;
    private final RealmPlans plans;
    private final MemoryFolders folders;
    private final RealmLink.Opener links;
    private final RealmRegistry registry;
    private final Duration bootTimeout;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /// What a host launches with.
    ///
    /// @param images what Realms are booted from
    /// @param folders where the host keeps what a Realm is given
    /// @param links how the host reaches agents
    /// @param maxRealms how many Realms there may be at once
    /// @param bootTimeout how long a guest may take to come up
    public record Setup(
            RealmHost host,
            GuestImages images,
            MemoryFolders folders,
            RealmLink.Opener links,
            int maxRealms,
            Duration bootTimeout) {}

    public LaunchWorkload(Setup setup, InstantSource clock) {
        this.host = setup.host();
        this.plans = new RealmPlans(setup.images());
        this.folders = setup.folders();
        this.links = setup.links();
        this.registry = new RealmRegistry(setup.maxRealms());
        this.bootTimeout = setup.bootTimeout();
        this.clock = clock;
    }

    /// The Realms that exist now.
    public RealmRegistry registry() {
        return registry;
    }

    /// Ends all Realms and waits until they are gone.
    public void stop() {
        registry.removeAll();
    }

    /// Runs `spec` to its end; blocks meanwhile. `events` is called by one thread at a time.
    ///
    /// @throws LaunchException if the container did not come to its end
    public void run(WorkloadSpec spec, Cancellation cancellation, Consumer<RunEvent> events) {
        launch(spec.realm(), cancellation, events, realm -> realm.link().runContainer(spec, events));
    }

    /// Launches a Realm that lives until it is removed or cancelled, or ends itself; blocks meanwhile.
    ///
    /// @param ready is run once its agent is there
    /// @throws LaunchException if it did not come up, was cancelled, or ended itself
    public void live(RealmSpec spec, Cancellation cancellation, Consumer<RunEvent> events, Runnable ready) {
        launch(spec, cancellation, events, realm -> {
            ready.run();
            awaitEnd(realm.run(), cancellation);
            throw new LaunchException.AgentFailed(AgentFailed.Reason.GONE, "agent: gone");
        });
    }

    /// A Realm that has come up.
    private record Live(RealmLink link, RealmRun run) {}

    private void launch(RealmSpec spec, Cancellation cancellation, Consumer<RunEvent> events, Consumer<Live> use) {
        Instant start = clock.instant();
        Planned planned = plan(spec);
        RealmId id = RealmId.random(random);
        ConsoleTail console = new ConsoleTail(id);
        Birth birth = new Birth(id, spec.image(), planned.rim(), start);
        try (RealmRegistry.Entry entry = registry.add(birth, cancellation);
                RealmFolder folder = RealmFolder.create(folders, id, spec.initdata());
                RealmLink link = links.listen(folder.link(), id);
                RealmMachine machine = build(planned, spec, folder, console)) {
            entry.built(machine.descriptor());
            events.accept(new RunEvent.Launched(id, planned.rim().join()));
            Instant launched = step(events, "launch", start);

            RealmRun run = RealmRun.enter(machine, id);
            run.onEnd(() -> entry.enter(State.SYSTEM_OFF));
            run.onEnd(link::close);
            cancellation.onCancel(link::close);
            try {
                awaitAgent(link, console);
                step(events, "boot", launched);
                use.accept(new Live(link, run));
            } catch (LaunchException e) {
                throw rootCause(e, cancellation, run, console);
            }
            powerOff(link, run);
        }
    }

    private static void awaitEnd(RealmRun run, Cancellation cancellation) {
        CountDownLatch over = new CountDownLatch(1);
        run.onEnd(over::countDown);
        cancellation.onCancel(over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Planned plan(RealmSpec spec) {
        try {
            return plans.plan(spec.guestImage(), spec.shape());
        } catch (PlanException e) {
            throw new LaunchException.BadRequest("shape: " + e.getMessage());
        }
    }

    private RealmMachine build(Planned planned, RealmSpec spec, RealmFolder folder, ConsoleTail console) {
        try {
            return host.build(planned.realm(), spec.initdata().personalizationValue(), folder.devices(console));
        } catch (VmmException.OutOfGranules e) {
            throw new LaunchException.NoRoom(String.valueOf(e.getMessage()));
        } catch (VmmException e) {
            throw new LaunchException.NotBuilt(String.valueOf(e.getMessage()));
        }
    }

    private Instant step(Consumer<RunEvent> events, String name, Instant start) {
        Instant now = clock.instant();
        events.accept(new RunEvent.StepFinished(name, Duration.between(start, now), ""));
        return now;
    }

    /// A guest takes the end of its link as the wish to switch itself off; one that does not is stopped when its Realm
    /// is closed.
    private static void powerOff(RealmLink link, RealmRun run) {
        link.close();
        run.endsWithin(POWER_OFF_GRACE);
    }

    private void awaitAgent(RealmLink link, ConsoleTail console) {
        try {
            link.connected().get(bootTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LaunchException.RealmEnded("guest did not come up within %d s; its console: %s"
                    .formatted(bootTimeout.toSeconds(), console.last()));
        } catch (ExecutionException | CancellationException e) {
            throw new LaunchException.RealmEnded("guest did not come up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException.RealmEnded("interrupted while the guest came up");
        }
    }

    /// Why the agent's call failed: someone cancelled, or the Realm died under it, or it is the agent's own answer.
    private static LaunchException rootCause(
            LaunchException failure, Cancellation cancellation, RealmRun run, ConsoleTail console) {
        if (cancellation.isCancelled()) {
            return new LaunchException.Cancelled(cancellation.reason());
        }
        if (failure.isOfTheAgent() || !run.endsWithin(END_GRACE)) {
            return failure;
        }
        return new LaunchException.RealmEnded(
                "Realm ended (%s); its console: %s".formatted(run.howItEnded(), console.last()));
    }
}
