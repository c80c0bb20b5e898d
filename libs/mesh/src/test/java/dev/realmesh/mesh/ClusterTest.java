// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.realmesh.mesh.bus.ClusterConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.TestServiceGrpc;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes in a cluster.
@Timeout(60)
class ClusterTest {
    private static final List<String> MEMBERS = List.of("127.0.0.1:5821", "127.0.0.1:5822");

    @Test
    void endsCallsAtOnceWhenTheirNodeLeaves() throws Exception {
        Silent silent = new Silent();
        MeshNode server = MeshNode.start(config("leave", 5821, Optional.empty()));
        server.serve("silent", List.of(silent));
        try (MeshNode client = MeshNode.start(config("leave", 5822, Optional.empty()))) {
            Future<Empty> call =
                    TestServiceGrpc.newFutureStub(client.channel("silent")).emptyCall(Empty.getDefaultInstance());
            assertThat(silent.called.await(10, TimeUnit.SECONDS)).isTrue();
            hazelcast("leave", 5821).getLifecycleService().terminate();
            // The keepalive would need 15 s.
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> call.get(8, TimeUnit.SECONDS))
                    .satisfies(e -> assertThat(Status.fromThrowable(e.getCause()))
                            .satisfies(status -> assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE))
                            .satisfies(status ->
                                    assertThat(status.getDescription()).contains("left")));
        }
    }

    @Test
    void talksOverMutualTls() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.create("mesh.test");
        Path chain = Path.of(certificate.certificatePath());
        Optional<ClusterConfig.BusTls> tls =
                Optional.of(new ClusterConfig.BusTls(chain, Path.of(certificate.privateKeyPath()), chain));
        try (MeshNode server = MeshNode.start(config("tls", 5821, tls));
                MeshNode client = MeshNode.start(config("tls", 5822, tls))) {
            ManagedChannel channel = client.channel("answering");
            Future<Empty> call =
                    TestServiceGrpc.newFutureStub(channel).withWaitForReady().emptyCall(Empty.getDefaultInstance());
            server.serve("answering", List.of(new Answering()));
            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(Empty.getDefaultInstance());
        } finally {
            certificate.delete();
        }
    }

    private static MeshConfig config(String name, int port, Optional<ClusterConfig.BusTls> tls) {
        ClusterConfig cluster = new ClusterConfig(name, "127.0.0.1", port, MEMBERS, Optional.empty(), 0, tls);
        return new MeshConfig(Optional.of(cluster), HealthConfig.none(), Duration.ofSeconds(1), 4 << 20);
    }

    private static HazelcastInstance hazelcast(String cluster, int port) {
        return Hazelcast.getAllHazelcastInstances().stream()
                .filter(member -> member.getConfig().getClusterName().equals(cluster))
                .filter(member ->
                        member.getCluster().getLocalMember().getAddress().getPort() == port)
                .findFirst()
                .orElseThrow();
    }

    private static final class Silent extends TestServiceGrpc.TestServiceImplBase {
        private final CountDownLatch called = new CountDownLatch(1);

        @Override
        public void emptyCall(Empty request, StreamObserver<Empty> answers) {
            called.countDown();
        }
    }

    private static final class Answering extends TestServiceGrpc.TestServiceImplBase {
        @Override
        public void emptyCall(Empty request, StreamObserver<Empty> answers) {
            answers.onNext(request);
            answers.onCompleted();
        }
    }
}
