// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that name a mesh, and calls to its edge.
public final class Edge {
    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final int UNARY_SECONDS = 60;

    /// How soon a stream notices that the edge's machine is gone.
    private static final int KEEP_ALIVE_SECONDS = 20;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description =
                    "Edge of the mesh, http or https (default: $REALMESH_ENDPOINT, or the mesh that `up` started).")
    private @Nullable URI endpoint;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "Token of the service's administrator (default: the one of the mesh that `up` started here).")
    private @Nullable Path adminTokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "Certificates (PEM) that an https edge must lead up to (default: $REALMESH_CA_FILE, or Java's).")
    private @Nullable Path caFile;

    private final Caller caller;

    /// The edge that a caller's options and environment name.
    public Edge(Caller caller) {
        this.caller = caller;
    }

    /// The edge of a mesh in this process.
    ///
    /// @param adminTokenFile token of the service whose administrator calls
    public static Edge onLoopback(int port, Path adminTokenFile) {
        Edge edge = new Edge(Caller.ofProcess());
        edge.endpoint = URI.create("http://127.0.0.1:" + port);
        edge.adminTokenFile = adminTokenFile;
        return edge;
    }

    /// Makes calls on a channel to the edge, and turns their failure into one line.
    public <T> T call(Function<ManagedChannel, T> calls) {
        URI uri = uri();
        ManagedChannel channel = open(uri);
        try {
            return calls.apply(channel);
        } catch (StatusRuntimeException e) {
            throw describe(e, uri);
        } finally {
            channel.shutdownNow();
            awaitTermination(channel);
        }
    }

    /// The stub with the administrator's token of a service in each call.
    ///
    /// @param service folder of the service in the state folder, such as `key-broker`
    public <S extends AbstractStub<S>> S asAdministrator(S stub, String service) {
        Path file =
                adminTokenFile != null ? adminTokenFile : StateFolder.of(caller).resolve(service, "admin.token");
        try {
            Metadata headers = new Metadata();
            headers.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + Files.readString(file).strip());
            return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        } catch (IOException e) {
            throw new CommandException(
                    "no administrator token: cannot read " + file + " (name it with --admin-token-file)", e);
        }
    }

    private URI uri() {
        if (endpoint != null) {
            return endpoint;
        }
        String named = caller.variable("REALMESH_ENDPOINT");
        return named.isEmpty() ? Endpoints.in(StateFolder.of(caller)).edge() : URI.create(named);
    }

    private ManagedChannel open(URI uri) {
        boolean tls = "https".equals(uri.getScheme());
        if (uri.getHost() == null || !(tls || "http".equals(uri.getScheme()))) {
            throw new CommandException.WrongUse(
                    "--endpoint: " + uri + " (expected: http://HOST:PORT or https://HOST:PORT)");
        }
        OkHttpChannelBuilder builder = OkHttpChannelBuilder.forAddress(
                        uri.getHost(), uri.getPort() < 0 ? 7440 : uri.getPort())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .intercept(new UnaryDeadline())
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        if (!tls) {
            return builder.usePlaintext().build();
        }
        builder.useTransportSecurity();
        trustedBy().ifPresent(trust -> builder.sslSocketFactory(socketFactory(trust)));
        return builder.build();
    }

    private Optional<Path> trustedBy() {
        return Optional.ofNullable(caFile).or(() -> caller.path("REALMESH_CA_FILE"));
    }

    private static SSLSocketFactory socketFactory(Path trust) {
        try (InputStream pem = Files.newInputStream(trust)) {
            KeyStore certificates = KeyStore.getInstance(KeyStore.getDefaultType());
            certificates.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                certificates.setCertificateEntry("ca" + count++, certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(certificates);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandException("--ca-file: cannot use " + trust + " (expected: certificates in PEM)", e);
        }
    }

    private static CommandException describe(StatusRuntimeException e, URI uri) {
        Status status = e.getStatus();
        String detail = status.getDescription() == null ? "" : status.getDescription();
        String line = switch (status.getCode()) {
            case UNAVAILABLE ->
                status.getCause() instanceof IOException
                        ? "no mesh answers at " + uri + " (start one with `realmesh up`, or name one with --endpoint)"
                        : detail + " (is that service up? then try again)";
            case DEADLINE_EXCEEDED ->
                uri + ": no answer within " + UNARY_SECONDS + " s (is the mesh well? see its log)";
            case UNIMPLEMENTED -> uri + ": does not serve this (name the edge of a service that does with --endpoint)";
            default -> detail.isEmpty() ? status.getCode() + " from " + uri : detail;
        };
        return new CommandException(line, e);
    }

    /// Bounds calls that have one answer; streams last as long as they last.
    private static final class UnaryDeadline implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(
                MethodDescriptor<Q, R> method, CallOptions options, Channel channel) {
            return channel.newCall(
                    method,
                    method.getType() == MethodDescriptor.MethodType.UNARY
                            ? options.withDeadlineAfter(UNARY_SECONDS, TimeUnit.SECONDS)
                            : options);
        }
    }

    private static void awaitTermination(ManagedChannel channel) {
        try {
            channel.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
