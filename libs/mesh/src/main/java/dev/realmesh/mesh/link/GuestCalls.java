// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import dev.realmesh.mesh.forward.ForwardHandler;
import dev.realmesh.mesh.forward.RealmMetadata;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a guest may call: allowed methods are passed on to the bus as bytes, never parsed here; all others, and
/// calls over the rate, are refused.
final class GuestCalls extends HandlerRegistry {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final AllowList allowed;
    private final Function<String, Channel> toBus;
    private final String realmId;
    private final LinkLimits limits;
    private final TokenBucket rate;

    GuestCalls(AllowList allowed, Function<String, Channel> toBus, HostLink.Guest guest) {
        this.allowed = allowed;
        this.toBus = toBus;
        this.realmId = guest.realmId();
        this.limits = guest.limits();
        this.rate = new TokenBucket(limits.callsPerSecond(), System::nanoTime);
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(BYTES, BYTES)
                .setFullMethodName(name)
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .build();
        return ServerMethodDefinition.create(method, handler(method));
    }

    private ServerCallHandler<byte[], byte[]> handler(MethodDescriptor<byte[], byte[]> method) {
        if (!rate.tryTake()) {
            return refusal(
                    Status.RESOURCE_EXHAUSTED.withDescription("calls: over " + limits.callsPerSecond() + " a second"));
        }
        String service = method.getServiceName();
        if (service == null || !allowed.allows(method.getFullMethodName())) {
            return refusal(
                    Status.PERMISSION_DENIED.withDescription(method.getFullMethodName() + ": not open to Realms"));
        }
        return new ForwardHandler<>(method, new Capped(toBus.apply(service)), this::mark);
    }

    /// Says whose call it is; what the guest says about that does not count.
    private void mark(Metadata headers) {
        RealmMetadata.strip(headers);
        headers.put(RealmMetadata.REALM_ID, realmId);
    }

    private static ServerCallHandler<byte[], byte[]> refusal(Status why) {
        return (call, headers) -> {
            call.close(why, new Metadata());
            return new ServerCall.Listener<>() {};
        };
    }

    /// A channel on which no call outlives the link's longest.
    private final class Capped extends Channel {
        private final Channel channel;

        Capped(Channel channel) {
            this.channel = channel;
        }

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            CallOptions longest =
                    CallOptions.DEFAULT.withDeadlineAfter(limits.maxCall().toMillis(), TimeUnit.MILLISECONDS);
            boolean shorter = options.getDeadline() != null
                    && longest.getDeadline() != null
                    && options.getDeadline().isBefore(longest.getDeadline());
            return channel.newCall(method, shorter ? options : options.withDeadline(longest.getDeadline()));
        }

        @Override
        public String authority() {
            return channel.authority();
        }
    }
}
