// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host;

import dev.realmesh.host.firmware.Platform;
import dev.realmesh.host.firmware.PlatformEndorsement;
import dev.realmesh.host.firmware.PlatformSetup;
import dev.realmesh.host.grpc.DebuggingPort;
import dev.realmesh.host.grpc.GuardedLink;
import dev.realmesh.host.grpc.HostGrpc;
import dev.realmesh.host.grpc.RealmAgents;
import dev.realmesh.host.launch.GuestImages;
import dev.realmesh.host.launch.InitdataDisk;
import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.LaunchWorkload;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import dev.realmesh.host.machine.guest.firmware.BootProcessor;
import dev.realmesh.host.vmm.RealmHost;
import dev.realmesh.mesh.MeshService;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// A host, put together and open: its machine has booted, its services are there to be served by a mesh or a test.
public final class Host implements MeshService {
    /// Name on the bus.
    public static final String BUS_NAME = "host-node";

    private final Platform platform;
    private final MemoryFolders folders;
    private final LaunchWorkload launch;
    private final List<BindableService> services;

    private Host(Platform platform, MemoryFolders folders, LaunchWorkload launch, List<BindableService> services) {
        this.platform = platform;
        this.folders = folders;
        this.launch = launch;
        this.services = List.copyOf(services);
    }

    /// Opens a host.
    ///
    /// @param keyBroker channel to key-broker, for guests
    /// @param imageService channel to image-service, for guests
    /// @throws dev.realmesh.host.vmm.VmmException if there is no guest image
    /// @throws dev.realmesh.host.machine.guest.GuestException.NoSandbox if this machine cannot isolate guests as
    /// configured
    public static Host open(HostConfig config, Channel keyBroker, Channel imageService, InstantSource clock) {
        GuestImages images = GuestImages.open(config.bootSources());
        Sandbox sandbox = Sandbox.open(config.isolation());
        MemoryFolders folders = MemoryFolders.open(config.guestFolder());
        Platform platform = Platform.boot(PlatformSetup.of(
                        config.machine().addressMap((long) config.realmMemoryMib() << 20),
                        BootProcessor.factory(sandbox, folders),
                        config.stateFolder())
                .withTokens(config.tokens()));
        publishEndorsement(config.stateFolder());
        RealmHost host = RealmHost.start(platform.rmi(), platform.memory(), platform.board());
        RealmAgents agents = new RealmAgents();
        LaunchWorkload launch = new LaunchWorkload(
                new LaunchWorkload.Setup(
                        host,
                        images,
                        folders,
                        GuardedLink.to(keyBroker, imageService, agents),
                        config.maxRealms(),
                        config.bootTimeout()),
                clock);
        DebuggingPort port =
                new DebuggingPort(platform.addressMap(), platform::census, platform::populatedBytes, launch.registry());
        HostGrpc service = new HostGrpc(launch, port, config.defaultShape(), defaultInitdata(config));
        return new Host(platform, folders, launch, List.of(service, agents));
    }

    private static void publishEndorsement(Path folder) {
        try {
            PlatformEndorsement.of(folder).publish(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written", e);
        }
    }

    private static Supplier<InitdataDisk> defaultInitdata(HostConfig config) {
        return config.initdata()
                .<Supplier<InitdataDisk>>map(file -> () -> InitdataDisk.of(read(file)))
                .orElse(() -> {
                    throw new LaunchException.BadRequest("initdata: none in the request, and none configured");
                });
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    /// The machine that it runs on.
    public Platform platform() {
        return platform;
    }

    /// The services for the bus.
    @Override
    public List<BindableService> busServices() {
        return services;
    }

    /// The services for the edge.
    @Override
    public List<BindableService> edgeServices() {
        return services;
    }

    /// Ends all Realms, then powers the machine off.
    @Override
    public void close() {
        launch.stop();
        platform.close();
        folders.close();
    }
}
