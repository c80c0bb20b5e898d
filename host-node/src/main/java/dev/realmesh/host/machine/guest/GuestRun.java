// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest;

import dev.realmesh.cca.abi.SmcConduit;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process of a guest that has booted, and the processor's end of its conduit.
final class GuestRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuestRun.class);
    private static final long KILL_SECONDS = 10;
    private static final Duration DEATH_GRACE = Duration.ofSeconds(2);

    private final ProcessBuilder command;
    private final ServerSocketChannel listener;
    private final RealmCgroups.Group group;
    private final GuestEvents events;
    private final Consumer<String> console;
    private final BlockingQueue<SmcConduit.Reply> answers = new LinkedBlockingQueue<>();
    private final Thread supervisor = Thread.ofPlatform().daemon().name("guest").unstarted(this::supervise);
    private final Thread reader = Thread.ofVirtual().name("guest-conduit").unstarted(this::serve);
    private volatile boolean closing;
    private volatile @Nullable Process process;
    private volatile @Nullable SocketChannel conduit;

    /// Where a guest's doings go.
    ///
    /// @param events what it asks for
    /// @param console what it prints
    record Outlets(GuestEvents events, Consumer<String> console) {}

    private GuestRun(ProcessBuilder command, ServerSocketChannel listener, RealmCgroups.Group group, Outlets outlets) {
        this.command = command;
        this.listener = listener;
        this.group = group;
        this.events = outlets.events();
        this.console = outlets.console();
    }

    /// Starts `content` in `sandbox` and in `group`, which goes with it.
    ///
    /// @throws GuestException.NoSandbox if the conduit cannot be opened
    static GuestRun start(Sandbox sandbox, Sandbox.Content content, RealmCgroups.Group group, Outlets outlets) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(content.conduit()), 1);
            ProcessBuilder command = sandbox.command(content).redirectErrorStream(true);
            command.command(group.joining(command.command()));
            GuestRun run = new GuestRun(command, listener, group, outlets);
            run.supervisor.start();
            run.reader.start();
            return run;
        } catch (IOException e) {
            group.close();
            throw new GuestException.NoSandbox(content.conduit() + ": no conduit: " + e.getMessage());
        }
    }

    /// Runs the process from start to end on one thread of its own: a sandbox dies with the thread that started it, and
    /// threads that carry virtual ones come and go.
    private void supervise() {
        try {
            Process started = command.start();
            process = started;
            if (closing) {
                started.destroyForcibly();
            }
            started.getOutputStream().close();
            GuestConsole.drain(started.getInputStream(), console);
            events.gone("the guest ended with exit code " + started.waitFor());
        } catch (IOException e) {
            events.gone("the sandbox cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads requests and writes their answers, one after the other. The guest connects once.
    private void serve() {
        try (SocketChannel connection = listener.accept()) {
            conduit = connection;
            listener.close();
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
            OutputStream out = Channels.newOutputStream(connection);
            while (true) {
                events.requested(SmcConduit.readRequest(in));
                SmcConduit.write(out, answers.take());
            }
        } catch (IOException e) {
            conduitEnded(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A process that dies loses its conduit first; how it died says more.
    private void conduitEnded(IOException e) {
        LOG.debug("conduit ended: {}", e.toString());
        try {
            if (!supervisor.join(DEATH_GRACE)) {
                events.gone("the guest ended its conduit (" + e + ")");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Answers the request that was read last. It does not wait for the guest to take the answer: the processor must be
    /// there for interrupts.
    void answer(SmcConduit.Reply reply) {
        answers.add(reply);
    }

    /// Kills the process and all that it started, and waits until they are gone.
    @Override
    public void close() {
        closing = true;
        reader.interrupt();
        closeQuietly(listener);
        SocketChannel connection = conduit;
        if (connection != null) {
            closeQuietly(connection);
        }
        try {
            Process running = process;
            if (running != null) {
                running.descendants().forEach(ProcessHandle::destroyForcibly);
                // By its handle: the process itself would close the console before its last lines are read.
                running.toHandle().destroyForcibly();
            }
            supervisor.join(TimeUnit.SECONDS.toMillis(KILL_SECONDS));
            if (supervisor.isAlive()) {
                LOG.error("guest process {}: still there {} s after SIGKILL", running, KILL_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            group.close();
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            LOG.debug("conduit: {}", e.getMessage());
        }
    }
}
