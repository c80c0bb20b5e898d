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
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// A host that lies: it stands between its Realms and the services, and changes answers. What it carries is bytes to
/// it,
/// as to any host.
final class Interloper implements ClientInterceptor {
    private final Map<MethodDescriptor<?, ?>, UnaryOperator<byte[]>> lies = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> heard = new ConcurrentHashMap<>();

    /// Changes each answer of a method.
    <R extends Message> void answers(MethodDescriptor<?, R> method, Parser<R> parser, UnaryOperator<R> lie) {
        lies.put(method, answer -> lie.apply(parse(parser, answer)).toByteArray());
    }

    /// Keeps all that it carries of calls of a method, in both directions.
    void listens(MethodDescriptor<?, ?> method) {
        heard.put(method.getFullMethodName(), new ByteArrayOutputStream());
    }

    /// What it has kept.
    byte[] heard() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        heard.values().forEach(bytes -> all.writeBytes(bytes.toByteArray()));
        return all.toByteArray();
    }

    /// Carries everything as it is.
    void repent() {
        lies.clear();
        heard.clear();
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
                                keep(method, answer);
                                super.onMessage(changed(method, answer));
                            }
                        },
                        headers);
            }

            @Override
            public void sendMessage(Q message) {
                keep(method, message);
                super.sendMessage(message);
            }
        };
    }

    /// What a Realm sends and gets is bytes to its host.
    private void keep(MethodDescriptor<?, ?> method, Object message) {
        if (message instanceof byte[] bytes) {
            heard.computeIfPresent(method.getFullMethodName(), (name, kept) -> {
                kept.writeBytes(bytes);
                return kept;
            });
        }
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
