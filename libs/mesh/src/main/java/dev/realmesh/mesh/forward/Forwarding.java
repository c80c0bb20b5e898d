// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.forward;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;

/// A service that passes its calls on to where the service really is, message by message: an edge may offer the
/// services of other nodes, a host-node the agent of a Realm.
///
/// Metadata, deadlines, cancellation and back-pressure go through; metadata that only the mesh may set does not.
public final class Forwarding implements BindableService {
    private final ServiceDescriptor service;
    private final Channel channel;

    private Forwarding(ServiceDescriptor service, Channel channel) {
        this.service = service;
        this.channel = channel;
    }

    /// Forwards all calls of `service` to `channel`. Messages are typed as the service declares them, so that
    /// reflection and every transport can serve it.
    public static Forwarding to(ServiceDescriptor service, Channel channel) {
        return new Forwarding(service, channel);
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(service);
        service.getMethods().forEach(method -> add(method, builder));
        return builder.build();
    }

    private <Q, R> void add(MethodDescriptor<Q, R> method, ServerServiceDefinition.Builder builder) {
        builder.addMethod(method, new ForwardHandler<>(method, channel, RealmMetadata::strip));
    }
}
