// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.KeyBrokerConfig;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.mesh.config.Configuration;
import dev.realmesh.mesh.edge.EdgeConfig;
import dev.realmesh.proto.keybroker.v1.KeyBrokerServiceGrpc;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import dev.realmesh.testkit.Vectors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;

/// Handshakes with CCA evidence (its appraisal, storage and EAR included) and secrets sealed to a P-256 key: over the
/// bus, and by the KBS protocol over HTTP, client and server on the same cores. One caller gives the latencies, eight
/// the rate.
///
/// The peer is the Trustee KBS at the URL in `-Drealmesh.trustee` (of the protocol's version, with the recorded trust
/// anchor, a policy that allows, and a secret at `default/bench/secret`); without one, a real one as it was recorded on
/// two cores of such a machine.
public final class KbsBench {
    private static final int CALLERS = 8;
    private static final long WARMUP_NANOS = 5_000_000_000L;
    private static final long RUN_NANOS = 5_000_000_000L;
    private static final Figures RECORDED_HANDSHAKE =
            new Figures("handshake, Trustee recorded", 10.9, Double.NaN, Double.NaN, Double.NaN);
    private static final Figures RECORDED_RESOURCE = new Figures("secret, Trustee recorded", 2.4, 7.8, 615, Double.NaN);

    private KbsBench() {}

    /// What a step costs.
    ///
    /// @param p50 milliseconds, one caller
    /// @param p99 likewise
    /// @param perSecond by all callers
    /// @param cpu milliseconds of processor for one, this process's alone
    private record Figures(String name, double p50, double p99, double perSecond, double cpu) {
        void print(Figures peer) {
            System.out.printf(
                    Locale.ROOT,
                    "%-32s %9.2f %9.2f %11.0f %9.2f %13.2f %13.2f%n",
                    name,
                    p50,
                    p99,
                    perSecond,
                    cpu,
                    p50 / peer.p50,
                    perSecond / peer.perSecond);
        }
    }

    /// One thing that a guest does.
    private interface Step {
        void run(BenchGuest guest) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    static void run() throws Exception {
        BenchEvidence evidence = BenchEvidence.open();
        Path folder = Files.createTempDirectory("kbs-bench");
        try (HttpClient http = HttpClient.newHttpClient()) {
            System.out.printf(
                    Locale.ROOT,
                    "%n%-32s %9s %9s %11s %9s %13s %13s%n",
                    "key-broker",
                    "p50 ms",
                    "p99 ms",
                    "per second",
                    "CPU ms",
                    "p50, peer=1",
                    "rate, peer=1");
            String trustee = System.getProperty("realmesh.trustee", "");
            List<Figures> peer = trustee.isEmpty()
                    ? List.of(RECORDED_HANDSHAKE, RECORDED_RESOURCE)
                    : measure("Trustee", () -> new BenchGuest.OverHttp(http, URI.create(trustee), evidence));
            peer.forEach(figures -> figures.print(figures));
            onMesh(folder, http, evidence, peer);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static void onMesh(Path folder, HttpClient http, BenchEvidence evidence, List<Figures> peer)
            throws Exception {
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        for (String name : List.of("m-plat-base.cbor", "up-cca-realm-valid.cbor")) {
            Files.write(endorsements.resolve(name), Vectors.bytes("attestation/endorsements/" + name));
        }
        Path attestation = folder.resolve("attestation-service");
        AttestationServiceConfig verifier =
                AttestationServiceConfig.withDefaults(attestation).withEndorsements(List.of(endorsements));
        KeyBrokerConfig config = Configuration.parse(
                        "key-broker: {state-folder: " + folder.resolve("key-broker") + ", ear-signer-keys: ["
                                + attestation.resolve(AttestationService.SIGNER_FILE)
                                + "], max-sessions: 1000000, require-pinned-identity: false,"
                                + " http: {host: 127.0.0.1, port: 0}}",
                        Map.of())
                .bind("key-broker", KeyBrokerConfig.class);
        InstantSource clock = InstantSource.system();
        try (MeshNode node = MeshNode.start(MeshConfig.local());
                AttestationService service = AttestationService.open(verifier, clock);
                KeyBroker broker = KeyBroker.open(config, node.channel(AttestationService.BUS_NAME), clock)) {
            node.serve(AttestationService.BUS_NAME, service.busServices());
            node.serve(KeyBroker.BUS_NAME, broker.busServices());
            putSecret(node, broker, config.stateFolder());
            var stub = KeyBrokerServiceGrpc.newBlockingStub(node.channel(KeyBroker.BUS_NAME));
            List<Figures> bus = measure("bus", () -> new BenchGuest.OnBus(stub, evidence));
            URI base = URI.create("http://127.0.0.1:" + broker.httpPort().orElseThrow());
            List<Figures> overHttp = measure("HTTP", () -> new BenchGuest.OverHttp(http, base, evidence));
            for (int step = 0; step < peer.size(); step++) {
                bus.get(step).print(peer.get(step));
                overHttp.get(step).print(peer.get(step));
            }
        }
    }

    private static void putSecret(MeshNode node, KeyBroker broker, Path state) throws Exception {
        var edge = node.openEdge(EdgeConfig.loopback(0), broker.edgeServices());
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
                .usePlaintext()
                .build();
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + Files.readString(state.resolve(KeyBroker.ADMIN_TOKEN_FILE)));
        var unused = ResourceAdminServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .putResource(PutResourceRequest.newBuilder()
                        .setPath(BenchGuest.PATH)
                        .setSecret(ByteString.copyFromUtf8("0123456789abcdef0123456789abcdef"))
                        .build());
        channel.shutdownNow();
    }

    /// Handshake, then secret.
    private static List<Figures> measure(String way, Supplier<BenchGuest> guests) throws Exception {
        return List.of(
                figures("handshake, " + way, guests, BenchGuest::handshake),
                figures("secret, " + way, guests, BenchGuest::resource));
    }

    private static Figures figures(String name, Supplier<BenchGuest> guests, Step step) throws Exception {
        rounds(guests, CALLERS, step, WARMUP_NANOS);
        long[] one = rounds(guests, 1, step, RUN_NANOS);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long[] all = rounds(guests, CALLERS, step, RUN_NANOS);
        cpu = system.getProcessCpuTime() - cpu;
        return new Figures(
                name,
                one[one.length / 2] / 1e6,
                one[one.length * 99 / 100] / 1e6,
                all.length / (RUN_NANOS / 1e9),
                cpu / 1e6 / all.length);
    }

    /// What each run of a step took, in nanoseconds, ascending.
    private static long[] rounds(Supplier<BenchGuest> guests, int callers, Step step, long nanos) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                BenchGuest guest = guests.get();
                guest.handshake();
                running.add(threads.submit(() -> timed(guest, step, System.nanoTime() + nanos)));
            }
            List<Long> times = new ArrayList<>();
            for (Future<List<Long>> caller : running) {
                times.addAll(caller.get());
            }
            return times.stream().mapToLong(Long::longValue).sorted().toArray();
        }
    }

    private static List<Long> timed(BenchGuest guest, Step step, long end) throws Exception {
        List<Long> times = new ArrayList<>();
        long start = System.nanoTime();
        while (start < end) {
            step.run(guest);
            long now = System.nanoTime();
            times.add(now - start);
            start = now;
        }
        return times;
    }
}
