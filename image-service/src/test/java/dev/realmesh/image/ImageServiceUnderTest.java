// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.realmesh.oci.Reference;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.proto.image.v1.ImageServiceGrpc;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// An image service, and callers of its gRPC and registry.
final class ImageServiceUnderTest implements AutoCloseable {
    private final ImageService service;
    private final RegistryClient registry;
    private final Server server;
    private final ManagedChannel channel;

    ImageServiceUnderTest(ImageServiceConfig config, InstantSource clock) throws IOException {
        service = ImageService.open(config, clock);
        registry = new RegistryClient(Set.of(host()), clock);
        String name = UUID.randomUUID().toString();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
        service.busServices().forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    /// Settings of one that asks another registry, without TLS and once.
    static Map<String, String> asking(String host) {
        return Map.of("upstream-registries", host, "plain-http-registries", host, "upstream-attempts", "1");
    }

    /// An image of its registry, for [#registry].
    Reference image(String name) {
        return Reference.parse(host() + "/" + name);
    }

    RegistryClient registry() {
        return registry;
    }

    Channel channel() {
        return channel;
    }

    ImageServiceGrpc.ImageServiceBlockingStub calls() {
        return ImageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    /// Expects a call to end with a status.
    ///
    /// @return its description
    static String refusal(Status.Code code, Runnable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refusal).isNotNull();
        assertThat(refusal.getStatus().getCode()).as(refusal.getMessage()).isEqualTo(code);
        return String.valueOf(refusal.getStatus().getDescription());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        registry.close();
        service.close();
    }

    private String host() {
        return "127.0.0.1:" + service.registryPort();
    }
}
