// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// A host that lies: it stands between its Realms and the services, and changes answers. What it carries is bytes to
/// it,
/// as to any host.
final class Interloper implements ClientInterceptor {
    private final Map<MethodDescriptor<?, ?>, UnaryOperator<byte[]>> lies = new ConcurrentHashMap<>();

    /// Changes each answer of a method.
    <R extends Message> void answers(MethodDescriptor<?, R> method, Parser<R> parser, UnaryOperator<R> lie) {
        lies.put(method, answer -> lie.apply(parse(parser, answer)).toByteArray());
    }

    /// Carries everything as it is.
    void repent() {
        lies.clear();
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> answers, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(answers) {
                            @Override
                            public void onMessage(R answer) {
                                super.onMessage(changed(method, answer));
                            }
                        },
                        headers);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private <R> R changed(MethodDescriptor<?, R> method, R answer) {
        return lies.entrySet().stream()
                .filter(lie -> lie.getKey().getFullMethodName().equals(method.getFullMethodName()))
                .findFirst()
                .map(lie -> (R) lie.getValue().apply((byte[]) answer))
                .orElse(answer);
    }

    private static <R> R parse(Parser<R> parser, byte[] answer) {
        try {
            return parser.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
