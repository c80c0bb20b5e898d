// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.container.BundleConfig.Network;
import dev.realmesh.realm.container.PrivateNetwork.Entered;
import dev.realmesh.realm.rest.ApiServer;
import dev.realmesh.realm.rest.WorkloadApi;
import java.util.Optional;
import java.util.function.Supplier;

/// Starts containers, each with the workload's API at the loopback address of its own network namespace. So a container
/// still reaches nothing but itself and the API, and no other container's.
public final class StartContainer {
    private final Crun crun;
    private final PrivateNetwork network;
    private final WorkloadApi api;

    public StartContainer(Crun crun, PrivateNetwork network, WorkloadApi api) {
        this.crun = crun;
        this.network = network;
        this.api = api;
    }

    /// What a bundle's configuration must say of the network.
    Network network() {
        return hasApi() ? Network.OF_ITS_STARTER : Network.OF_ITS_OWN;
    }

    /// Starts a bundle that was configured for [#network].
    ///
    /// @throws ContainerException.RuntimeFailed if crun itself, or the network, cannot be had
    Started start(Bundle bundle, Streams streams) {
        return hasApi()
                ? startServed(bundle, streams, network.open())
                : new Started(crun.start(bundle, streams), Optional.empty(), Optional.empty());
    }

    private boolean hasApi() {
        return api.isServed() && network.isPermitted();
    }

    private Started startServed(Bundle bundle, Streams streams, Entered entered) {
        try {
            return entered.run(() -> {
                ApiServer server = listen();
                try {
                    return new Started(crun.start(bundle, streams), Optional.of(server), Optional.of(entered));
                } catch (RuntimeException e) {
                    server.close();
                    throw e;
                }
            });
        } catch (RuntimeException e) {
            entered.close();
            throw e;
        }
    }

    private ApiServer listen() {
        try {
            return api.listen();
        } catch (ApiServer.NotListeningException e) {
            throw new ContainerException.RuntimeFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /// A container, what serves it, and where both are; no namespace where crun made the container's own.
    record Started(RunningProcess container, Optional<ApiServer> server, Optional<Entered> network)
            implements AutoCloseable {
        /// Starts something that is to have the container's network. crun itself enters none that it did not make.
        RunningProcess beside(Supplier<RunningProcess> further) {
            return network.map(entered -> entered.run(further)).orElseGet(further);
        }

        /// Ends the API.
        @Override
        public void close() {
            server.ifPresent(ApiServer::close);
            network.ifPresent(Entered::close);
        }
    }
}
