// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import dev.realmesh.host.launch.RealmId;
import dev.realmesh.mesh.forward.ForwardHandler;
import dev.realmesh.mesh.forward.RealmMetadata;
import dev.realmesh.proto.realm.v1.RealmAgentServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The agents of the Realms that exist now, as one service: a call goes on to the Realm that its metadata `realm`
/// names,
/// message by message. What may be asked, the Realm decides, and not its host.
public final class RealmAgents implements BindableService {
    /// Names the Realm whose agent is asked.
    static final Metadata.Key<String> REALM = Metadata.Key.of("realm", Metadata.ASCII_STRING_MARSHALLER);

    private final Map<String, Channel> agents = new ConcurrentHashMap<>();

    void add(RealmId realm, Channel agent) {
        agents.put(realm.value(), agent);
    }

    void remove(RealmId realm) {
        agents.remove(realm.value());
    }

    @Override
    public ServerServiceDefinition bindService() {
        var service = RealmAgentServiceGrpc.getServiceDescriptor();
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(service);
        service.getMethods().forEach(method -> add(method, builder));
        return builder.build();
    }

    private <Q, R> void add(MethodDescriptor<Q, R> method, ServerServiceDefinition.Builder builder) {
        builder.addMethod(method, (call, headers) -> forward(method, call, headers));
    }

    private <Q, R> ServerCall.Listener<Q> forward(
            MethodDescriptor<Q, R> method, ServerCall<Q, R> call, Metadata headers) {
        String realm = Optional.ofNullable(headers.get(REALM)).orElse("");
        Channel agent = agents.get(realm);
        if (agent == null) {
            String problem = realm.isEmpty()
                    ? "realm: not named (expected: metadata \"realm\" with a Realm's name)"
                    : "Realm " + realm.replaceAll("[^a-z0-9-]", "?") + ": not on this host";
            call.close(
                    (realm.isEmpty() ? Status.INVALID_ARGUMENT : Status.NOT_FOUND).withDescription(problem),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        headers.discardAll(REALM);
        ServerCallHandler<Q, R> onward = new ForwardHandler<>(method, agent, RealmMetadata::strip);
        return onward.startCall(call, headers);
    }
}
