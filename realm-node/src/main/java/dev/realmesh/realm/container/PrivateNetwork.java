// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Network namespaces of which each is one container's: in it are a loopback device, what this program listens with
/// there, and the container. A namespace is a property of a thread (unshare(2)), of the sockets that the thread opens
/// and
/// of the processes that it starts; it is gone when the last of them is.
public final class PrivateNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateNetwork.class);
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final CompletableFuture<Boolean> permitted = new CompletableFuture<>();

    private PrivateNetwork() {}

    /// Finds out, beside other work, whether this process may make namespaces: in a Realm it may, and outside of one
    /// root
    /// may.
    public static PrivateNetwork prepare() {
        PrivateNetwork network = new PrivateNetwork();
        Thread.ofPlatform().daemon().name("network-trial").start(() -> network.permitted.complete(network.tried()));
        return network;
    }

    /// Whether this process may make namespaces.
    public boolean isPermitted() {
        return permitted.join();
    }

    /// Opens a new namespace whose loopback device is up.
    ///
    /// @throws ContainerException.RuntimeFailed if there is none
    Entered open() {
        Entered entered = new Entered();
        try {
            entered.run(() -> {
                requireNewNamespace();
                raiseLoopback();
                return true;
            });
            return entered;
        } catch (RuntimeException | Error e) {
            entered.close();
            throw e;
        }
    }

    /// A namespace, as long as this is open: a thread in it, which starts what is to be in it too.
    static final class Entered implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("network-entry").factory());

        private Entered() {}

        /// Runs a task in the namespace. Not interruptible.
        ///
        /// @throws RuntimeException what the task threw, if it did
        <T> T run(Supplier<T> task) {
            try {
                return CompletableFuture.supplyAsync(task, thread).join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }

        @Override
        public void close() {
            thread.shutdown();
        }
    }

    private boolean tried() {
        try {
            requireNewNamespace();
            return true;
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("workloads have no API: {}", e.toString());
            return false;
        }
    }

    private static void requireNewNamespace() {
        try {
            int result = (int) Unshare.FUNCTION.invokeExact(CLONE_NEWNET);
            if (result != 0) {
                throw new ContainerException.RuntimeFailed(
                        "unshare(CLONE_NEWNET): refused (expected: CAP_SYS_ADMIN, as in a Realm)");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("unshare: " + e.getMessage(), e);
        }
    }

    private static void raiseLoopback() {
        try {
            int exit = new ProcessBuilder("ip", "link", "set", "lo", "up")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new ContainerException.RuntimeFailed("ip link set lo up: exit code " + exit + " (expected: 0)");
            }
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed("ip link set lo up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted, though nobody has this thread", e);
        }
    }

    /// unshare(2), linked when it is first called.
    private static final class Unshare {
        @SuppressWarnings("restricted") // The guest is started with access to native calls.
        private static final MethodHandle FUNCTION = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("unshare"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private Unshare() {}
    }
}
