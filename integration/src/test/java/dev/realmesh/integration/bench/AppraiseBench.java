// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import dev.realmesh.attestation.AttestationService;
import dev.realmesh.attestation.AttestationServiceConfig;
import dev.realmesh.attestation.appraisal.AppraisalMode;
import dev.realmesh.attestation.appraisal.AppraisalRequest;
import dev.realmesh.attestation.appraisal.ArmCcaScheme;
import dev.realmesh.attestation.appraisal.EmbeddedAppraiser;
import dev.realmesh.attestation.endorsement.GivenCorims;
import dev.realmesh.attestation.policy.AppraisalPolicy;
import dev.realmesh.attestation.rest.RestConfig;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.Corim;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.mesh.MeshConfig;
import dev.realmesh.mesh.MeshNode;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.FileUtils;

/// Appraisals of a recorded token (ES256 and ES384 signatures, 1.4 KB), with a signed EAR each: in this process, over
/// the bus, and over Veraison's REST API, client and server on the same cores; more is better. The peer is a real
/// Veraison as it was recorded on two cores of such a machine (115 a second by REST, 7.9 ms of processor each), and
/// `ccatoken verify` if that is on the PATH, which is a program that is started anew and signs nothing.
public final class AppraiseBench {
    private static final int CALLERS = 8;
    private static final long WARMUP_NANOS = 4_000_000_000L;
    private static final long RUN_NANOS = 5_000_000_000L;
    private static final double VERAISON_PER_SECOND = 115;
    private static final double VERAISON_CPU_MILLIS = 7.9;
    private static final String NONCE =
            "byTWuWNaLIu_WOkIuU4Ewb-zroDN6-gyQkV4SZ_jF2Hn9eHYvOASGET1Sr36UobaiPU6ZXsVM1yTlrQyklS8XA";
    private static final Bytes CHALLENGE = Bytes.copyOf(Base64.getUrlDecoder().decode(NONCE));
    private static final Bytes TOKEN = bytes("tokens/good-399.cbor");
    private static final List<String> ENDORSEMENTS = List.of("m-plat-base.cbor", "up-cca-realm-valid.cbor");

    private AppraiseBench() {}

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    static void run() throws Exception {
        System.out.printf(Locale.ROOT, "%n%-28s %10s %10s %12s%n", "appraisals", "per second", "CPU ms", "Veraison=1");
        inProcess();
        Path folder = Files.createTempDirectory("appraise-bench");
        try {
            inService(folder);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        byCcatoken();
    }

    private static void inProcess() throws Exception {
        List<Corim> corims = new ArrayList<>();
        ENDORSEMENTS.forEach(name -> corims.add(Corim.decode(bytes("endorsements/" + name))));
        InstantSource clock = InstantSource.system();
        EmbeddedAppraiser appraiser = new EmbeddedAppraiser(
                new EmbeddedAppraiser.Rules(
                        new ArmCcaScheme(new GivenCorims(corims, clock.instant()), AppraisalMode.STRICT),
                        AppraisalPolicy.NONE),
                EarSigningKey.generate(),
                new Ear.VerifierId("bench", "1"),
                clock);
        AppraisalRequest request = new AppraisalRequest(TOKEN, CHALLENGE);
        measure("in process", () -> appraiser.appraise(request));
    }

    private static void inService(Path folder) throws Exception {
        Path endorsements = Files.createDirectory(folder.resolve("endorsements"));
        for (String name : ENDORSEMENTS) {
            Files.write(
                    endorsements.resolve(name), bytes("endorsements/" + name).toByteArray());
        }
        AttestationServiceConfig defaults = AttestationServiceConfig.withDefaults(folder.resolve("state"))
                .withEndorsements(List.of(endorsements))
                .withRest(RestConfig.loopback(0));
        try (AttestationService service = AttestationService.open(defaults, InstantSource.system());
                MeshNode node = MeshNode.start(MeshConfig.local());
                HttpClient http = HttpClient.newHttpClient()) {
            node.serve(AttestationService.BUS_NAME, service.busServices());
            AppraiseRequest request = AppraiseRequest.newBuilder()
                    .setEvidence(ByteString.copyFrom(TOKEN.toByteArray()))
                    .setChallenge(ByteString.copyFrom(CHALLENGE.toByteArray()))
                    .build();
            var stub = AttestationServiceGrpc.newBlockingStub(node.channel(AttestationService.BUS_NAME));
            measure("over the bus, stored", () -> stub.appraise(request));
            URI base = URI.create("http://127.0.0.1:" + service.restPort().orElseThrow() + "/challenge-response/v1/");
            measure("over Veraison's API, stored", () -> overRest(http, base));
        }
    }

    private static int overRest(HttpClient http, URI base) throws IOException, InterruptedException {
        HttpResponse<String> opened = send(
                http,
                HttpRequest.newBuilder(base.resolve("newSession?nonce=" + NONCE))
                        .POST(BodyPublishers.noBody()),
                201);
        URI session = base.resolve(opened.headers().firstValue("Location").orElseThrow());
        send(
                http,
                HttpRequest.newBuilder(session)
                        .header("Content-Type", AppraisalRequest.MEDIA_TYPE)
                        .POST(BodyPublishers.ofByteArray(TOKEN.toByteArray())),
                200);
        return send(http, HttpRequest.newBuilder(session).DELETE(), 204).statusCode();
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request, int expected)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new IOException(response + ": " + response.body());
        }
        return response;
    }

    private static void byCcatoken() throws Exception {
        Optional<Path> program = Arrays.stream(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, "ccatoken"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            System.out.printf(Locale.ROOT, "%-28s %10s%n", "ccatoken verify", "not on the PATH");
            return;
        }
        List<String> command = List.of(
                program.get().toString(),
                "verify",
                "-e",
                Vectors.path("attestation/tokens/good-399.cbor").toString(),
                "-t",
                Vectors.path("attestation/rust/ta-base.json").toString());
        long start = System.nanoTime();
        int runs = 200;
        for (int i = 0; i < runs; i++) {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(command + ": exit code " + process.exitValue());
            }
        }
        print("ccatoken verify", runs * 1e9 / (System.nanoTime() - start), Double.NaN);
    }

    private static void measure(String name, Callable<?> appraisal) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            rounds(callers, appraisal, WARMUP_NANOS);
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            long done = rounds(callers, appraisal, RUN_NANOS);
            double seconds = (System.nanoTime() - start) / 1e9;
            print(name, done / seconds, (system.getProcessCpuTime() - cpu) / 1e6 / done);
        }
    }

    /// How many appraisals all callers have done.
    private static long rounds(ExecutorService callers, Callable<?> appraisal, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        List<Future<Long>> counts = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            counts.add(callers.submit(() -> {
                long count = 0;
                while (System.nanoTime() < end) {
                    appraisal.call();
                    count++;
                }
                return count;
            }));
        }
        long done = 0;
        for (Future<Long> count : counts) {
            done += count.get();
        }
        return done;
    }

    private static void print(String name, double perSecond, double cpuMillis) {
        System.out.printf(
                Locale.ROOT,
                "%-28s %10.0f %10.2f %12.1f%s%n",
                name,
                perSecond,
                cpuMillis,
                perSecond / VERAISON_PER_SECOND,
                Double.isNaN(cpuMillis)
                        ? ""
                        : String.format(Locale.ROOT, ", CPU %.2f", cpuMillis / VERAISON_CPU_MILLIS));
    }

    private static Bytes bytes(String name) {
        return Bytes.copyOf(Vectors.bytes("attestation/" + name));
    }
}
