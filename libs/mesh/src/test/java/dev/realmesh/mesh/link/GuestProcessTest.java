// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A guest as it really is: another process, which has little on its class path, and may be killed.
@Timeout(60)
class GuestProcessTest {
    private static final Pattern NOT_FOR_GUESTS =
            Pattern.compile(".*(vertx|netty|hazelcast|jackson|grpc-services|snakeyaml|junit|jazzer).*");

    @TempDir
    Path directory;

    private Path socket;
    private Server server;
    private ManagedChannel toBus;
    private HostLink host;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("link.sock");
        server = InProcessServerBuilder.forName("guest-process")
                .addService(new Answering())
                .build()
                .start();
        toBus = InProcessChannelBuilder.forName("guest-process").build();
        host = HostLink.listen(socket, AllowList.of("grpc.testing.TestService"), service -> toBus, "realm-1");
    }

    @AfterEach
    void stop() {
        host.close();
        toBus.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void needsNeitherVertxNorHazelcast() throws Exception {
        Process guest = guest();
        assertThat(guest.inputReader().lines()).containsExactly("called");
        assertThat(guest.waitFor()).isZero();
    }

    @Test
    void itsDeathEndsCallsToIt() throws Exception {
        Process guest = guest("stay");
        BufferedReader output = guest.inputReader();
        assertThat(output.readLine()).isEqualTo("called");
        CompletableFuture<Void> over = new CompletableFuture<>();
        TestServiceGrpc.newStub(host.agent()).fullDuplexCall(new Ending(over));
        guest.destroyForcibly();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> over.get(5, TimeUnit.SECONDS))
                .satisfies(e ->
                        assertThat(Status.fromThrowable(e.getCause()).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private Process guest(String... more) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !NOT_FOR_GUESTS.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java, "-XX:TieredStopAtLevel=1", "-cp", classPath, GuestMain.class.getName(), socket.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static final class Answering extends TestServiceGrpc.TestServiceImplBase {
        @Override
        public void emptyCall(Empty request, StreamObserver<Empty> answers) {
            answers.onNext(request);
            answers.onCompleted();
        }
    }

    private record Ending(CompletableFuture<Void> over) implements StreamObserver<StreamingOutputCallResponse> {
        @Override
        public void onNext(StreamingOutputCallResponse response) {}

        @Override
        public void onError(Throwable cause) {
            over.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            over.complete(null);
        }
    }
}
