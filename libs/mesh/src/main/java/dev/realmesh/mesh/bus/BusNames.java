// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.bus;

import dev.realmesh.mesh.transport.MeshAddress;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Resolves `bus:///<name>` to the addresses of the instances that are announced, and again with every change: an
/// instance that drains or leaves gets no more calls, and one that comes up gets its share at once. While there is
/// none it resolves to an address where nobody listens, so that calls end as they do when their server is gone; a
/// failed resolution would be logged as a fault.
final class BusNames extends NameResolverProvider {
    /// No address of an instance ends so.
    private static final String NOBODY = " (none is announced)";

    private final Directory directory;

    BusNames(Directory directory) {
        this.directory = directory;
    }

    static String target(String name) {
        return "bus:///" + name;
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return new Instances(directory, target.getPath().substring(1), args.getSynchronizationContext());
    }

    @Override
    public String getDefaultScheme() {
        return "bus";
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return List.of(MeshAddress.class);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5;
    }

    /// The instances of one name, for one channel, in whose synchronization context it lives.
    private static final class Instances extends NameResolver {
        private final Directory directory;
        private final String name;
        private final SynchronizationContext channel;
        private @Nullable Listener2 listener;
        private @Nullable List<String> reported;
        private Runnable unwatch = () -> {};

        Instances(Directory directory, String name, SynchronizationContext channel) {
            this.directory = directory;
            this.name = name;
            this.channel = channel;
        }

        @Override
        public String getServiceAuthority() {
            return name;
        }

        @Override
        public void start(Listener2 addresses) {
            listener = addresses;
            unwatch = directory.watch(() -> channel.execute(this::report));
            report();
        }

        @Override
        public void shutdown() {
            unwatch.run();
            listener = null;
        }

        private void report() {
            List<String> instances = directory.instances(name);
            if (listener == null || instances.equals(reported)) {
                return;
            }
            reported = instances;
            listener.onResult2(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(addresses(instances)))
                    .build());
        }

        private List<EquivalentAddressGroup> addresses(List<String> instances) {
            List<String> called = instances.isEmpty() ? List.of(name + NOBODY) : instances;
            return called.stream()
                    .map(instance -> new EquivalentAddressGroup(new MeshAddress(Bus.address(instance))))
                    .toList();
        }
    }
}
