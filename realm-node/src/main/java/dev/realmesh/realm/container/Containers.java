// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.AgentPolicy.Permission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/// The containers of this Realm, and what the host may do with them. Thread-safe.
public final class Containers implements AutoCloseable {
    private static final int MOST = 16;

    private final CreateContainer create;
    private final StartMeasured start;
    private final Crun crun;
    private final HostRights rights;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /// By name, oldest first; one that is being created is none yet.
    private final Map<String, Optional<Container>> all = new LinkedHashMap<>();
    private final CompletableFuture<Void> powerOff = new CompletableFuture<>();
    private long created;

    /// @param crun starts further processes
    /// @param rights what the host may ask for
    public Containers(CreateContainer create, StartMeasured start, Crun crun, HostRights rights, InstantSource clock) {
        this.create = create;
        this.start = start;
        this.crun = crun;
        this.rights = rights;
        this.clock = clock;
    }

    /// Attests if need be, gets the keys, pulls and unpacks the image, and gets the container ready to be started.
    /// Blocking; an interrupt ends it wherever it is.
    ///
    /// @throws ContainerException and the exceptions of [CreateContainer#create] if there is none then
    public Container create(RunRequest request, ContainerOptions options, RunEvents events) {
        rights.require(request, options);
        String name = reserve(options.name());
        try {
            CreateContainer.Created made = create.create(request, options, events);
            Container container = new Container(name, made.container(), made.folder(), start, clock);
            container.afterEnd(() -> end(container));
            enter(container);
            return container;
        } catch (RuntimeException e) {
            leave(name);
            throw e;
        }
    }

    /// What a container wants done when it has ended for good.
    private void end(Container container) {
        switch (container.prepared().options().afterEnd()) {
            case STAY -> {}
            case REMOVE -> remove(container, Duration.ZERO);
            case POWER_OFF -> powerOff.complete(null);
        }
    }

    /// Completes when the Realm shall end, for a container has that wanted it to end with it.
    public CompletionStage<Void> powerOff() {
        return powerOff;
    }

    /// A container.
    ///
    /// @param name empty for the only one
    /// @throws ContainerException.NoSuchContainer if there is none of this name, or several for no name
    public Container get(String name) {
        lock.lock();
        try {
            if (name.isEmpty() && all.size() > 1) {
                throw new ContainerException.NoSuchContainer(all.keySet());
            }
            String wanted =
                    name.isEmpty() && !all.isEmpty() ? all.keySet().iterator().next() : name;
            return Objects.requireNonNullElse(all.get(wanted), Optional.<Container>empty())
                    .orElseThrow(() -> new ContainerException.NoSuchContainer(wanted));
        } finally {
            lock.unlock();
        }
    }

    /// All of them, oldest first.
    public List<ContainerView> list() {
        return present().stream().map(Container::view).toList();
    }

    /// Tells the host what a container writes from now on.
    public Attachment attach(Container container, RunEvents host) {
        return container.attach(rights.visible(host));
    }

    /// Its first process, for the host to write to.
    ///
    /// @throws ContainerException.WrongState if it does not run, or has no standard input
    public RunningProcess input(Container container) {
        PreparedContainer prepared = container.prepared();
        if (!prepared.options().streams().input()) {
            throw new ContainerException.WrongState("container " + container.name()
                    + ": has no standard input (expected: one that was asked for when it was created)");
        }
        return container.running();
    }

    /// What a container wrote.
    ///
    /// @throws ContainerException.Forbidden if the host may not see that
    public ContainerLog log(String name) {
        Container container = get(name);
        rights.require(Permission.OUTPUT, "a container's log", true);
        return container.log();
    }

    /// Sends a signal to a container's first process.
    ///
    /// @throws ContainerException.Forbidden if the host may not send that one
    /// @throws ContainerException.WrongState if the container does not run
    public void signal(String name, int signal) {
        Container container = get(name);
        rights.require(signal);
        if (!container.running().signal(signal)) {
            throw new ContainerException.WrongState(
                    "container " + container.name() + ": has ended (expected: running)");
        }
    }

    /// Starts a further process in a container.
    ///
    /// @throws ContainerException.Forbidden if the host may not
    /// @throws ContainerException.WrongState if the container does not run
    public RunningProcess exec(String name, ExecRequest request) {
        Container container = get(name);
        rights.require(Permission.EXEC, "a further process", true);
        var unused = container.running();
        PreparedContainer prepared = container.prepared();
        String process = container.nextProcessName();
        Path spec = prepared.bundle().folder().resolve(process + ".json");
        try {
            Files.write(spec, BundleConfig.process(prepared.further(request), request.streams()));
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed(spec + ": " + e.getMessage(), e);
        }
        return container.beside(() -> crun.exec(prepared.bundle(), process, spec, request.streams()));
    }

    /// The events of a further process that the host may see.
    public RunEvents visible(RunEvents host) {
        return rights.visible(host);
    }

    /// Ends a container if it runs, and forgets it.
    public void remove(Container container, Duration grace) {
        container.remove(grace);
        leave(container.name());
    }

    /// Removes all, at once.
    @Override
    public void close() {
        present().forEach(container -> remove(container, Duration.ZERO));
    }

    private List<Container> present() {
        lock.lock();
        try {
            return all.values().stream().flatMap(Optional::stream).toList();
        } finally {
            lock.unlock();
        }
    }

    private String reserve(String wanted) {
        lock.lock();
        try {
            if (all.size() >= MOST) {
                throw new ContainerException.WrongState("containers: " + MOST + " (expected: fewer)");
            }
            String name = wanted.isEmpty() ? "container-" + ++created : wanted;
            if (all.putIfAbsent(name, Optional.empty()) != null) {
                throw new ContainerException.WrongState(
                        "container " + name + ": is there already (expected: another name)");
            }
            return name;
        } finally {
            lock.unlock();
        }
    }

    private void enter(Container container) {
        lock.lock();
        try {
            all.put(container.name(), Optional.of(container));
        } finally {
            lock.unlock();
        }
    }

    private void leave(String name) {
        lock.lock();
        try {
            all.remove(name);
        } finally {
            lock.unlock();
        }
    }
}
