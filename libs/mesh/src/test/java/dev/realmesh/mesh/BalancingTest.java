// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import dev.realmesh.mesh.bus.ClusterConfig;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several nodes that serve one name in a cluster, and a client's calls while they come and go.
@Timeout(60)
class BalancingTest {
    private static final int CLIENT = 5841;
    private static final int FIRST = 5842;
    private static final int SECOND = 5843;
    private static final int PROCESS = 5844;
    private static final int CALLERS = 64;

    private static MeshNode client;

    private final List<MeshNode> nodes = new ArrayList<>();

    @BeforeAll
    static void join() {
        client = MeshNode.start(member(CLIENT));
    }

    @AfterAll
    static void leave() {
        client.close();
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(MeshNode::close);
    }

    @Test
    void instancesTakeTurns() {
        node(FIRST).serve("turns", List.of(new Named("first")));
        node(SECOND).serve("turns", List.of(new Named("second")));
        ManagedChannel channel = client.channel("turns");
        awaitAnswersOf(channel, "first", "second");

        Map<String, Long> answers = IntStream.range(0, 100)
                .mapToObj(i -> Named.whoAnswers(channel))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(answers).containsOnlyKeys("first", "second");
        assertThat(answers.values()).allSatisfy(count -> assertThat(count).isBetween(45L, 55L));
    }

    @Test
    void instanceCanBeCalledAsSoonAsItServes() {
        node(FIRST).serve("prompt", List.of(new Named("first")));

        assertThat(Named.whoAnswers(client.channel("prompt"))).isEqualTo("first");
    }

    @Test
    void nodeThatHasJustStartedKnowsWhoServes() {
        node(FIRST).serve("known", List.of(new Named("first")));
        MeshNode late = node(SECOND);

        assertThat(Named.whoAnswers(late.channel("known"))).isEqualTo("first");
    }

    @Test
    void instanceThatJoinsGetsItsShare() {
        node(FIRST).serve("joining", List.of(new Named("first")));
        ManagedChannel channel = client.channel("joining");
        awaitAnswersOf(channel, "first");

        node(SECOND).serve("joining", List.of(new Named("second")));

        awaitAnswersOf(channel, "first", "second");
    }

    @Test
    void instanceThatClosesLosesNoCalls() {
        node(FIRST).serve("closing", List.of(new Named("first")));
        MeshNode closing = node(SECOND);
        closing.serve("closing", List.of(new Named("second")));
        try (Callers callers = new Callers(client.channel("closing"))) {
            callers.await("first", 200);
            callers.await("second", 200);

            closing.close();

            callers.await("first", 200);
            assertThat(callers.failures).isEmpty();
        }
    }

    @Test
    void instanceThatDrainsEndsItsCallsAndGetsNoNewOnes() throws Exception {
        Named draining = new Named("second");
        node(FIRST).serve("draining", List.of(new Named("first")));
        MeshNode.Serving serving = node(SECOND).serve("draining", List.of(draining));
        ManagedChannel channel = client.channel("draining");
        awaitAnswersOf(channel, "first", "second");
        draining.hold();
        int before = draining.taken();
        List<ListenableFuture<SimpleResponse>> calls = IntStream.range(0, 40)
                .mapToObj(i -> TestServiceGrpc.newFutureStub(channel).unaryCall(SimpleRequest.getDefaultInstance()))
                .toList();
        await(() -> draining.taken() == before + 20);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(serving::close);
        await(() -> IntStream.range(0, 20).allMatch(i -> answersAtOnce(channel)));
        assertThat(closing).isNotDone();
        assertThat(draining.taken()).isBetween(before + 20, before + 40);
        draining.release();

        for (ListenableFuture<SimpleResponse> call : calls) {
            assertThat(call.get(10, TimeUnit.SECONDS).getServerId()).isNotEmpty();
        }
        closing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void instanceThatIsKilledGetsNoMoreCalls() throws Exception {
        node(FIRST).serve("killed", List.of(new Named("first")));
        Process process = NodeProcess.start(PROCESS, "killed");
        try (Callers callers = new Callers(client.channel("killed"))) {
            callers.await("first", 200);
            callers.await("process", 200);

            process.destroyForcibly();
            process.waitFor();
            callers.await("first", 2000);

            assertThat(callers.failures)
                    .hasSizeLessThanOrEqualTo(CALLERS)
                    .allSatisfy(
                            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        } finally {
            process.destroyForcibly();
        }
    }

    static MeshConfig member(int port) {
        List<String> members = IntStream.rangeClosed(CLIENT, PROCESS)
                .mapToObj(each -> "127.0.0.1:" + each)
                .toList();
        ClusterConfig cluster = ClusterConfig.loopback("balancing", port, members);
        return new MeshConfig(Optional.of(cluster), HealthConfig.none(), Duration.ofSeconds(10), 4 << 20);
    }

    private MeshNode node(int port) {
        MeshNode node = MeshNode.start(member(port));
        nodes.add(node);
        return node;
    }

    private static void awaitAnswersOf(ManagedChannel channel, String... names) {
        Set<String> missing = new HashSet<>(Set.of(names));
        while (!missing.isEmpty()) {
            missing.remove(Named.whoAnswers(channel));
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    /// A call that a held instance got is given up.
    private static boolean answersAtOnce(ManagedChannel channel) {
        try {
            return TestServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                    .unaryCall(SimpleRequest.getDefaultInstance())
                    .getServerId()
                    .equals("first");
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /// Calls without a pause, many at once.
    private static final class Callers implements AutoCloseable {
        private final Map<String, Integer> answers = new ConcurrentHashMap<>();
        private final Queue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private volatile boolean over;

        Callers(ManagedChannel channel) {
            for (int i = 0; i < CALLERS; i++) {
                threads.execute(() -> {
                    while (!over) {
                        call(channel);
                    }
                });
            }
        }

        private void call(ManagedChannel channel) {
            try {
                answers.merge(Named.whoAnswers(channel), 1, Integer::sum);
            } catch (StatusRuntimeException e) {
                failures.add(e);
            }
        }

        /// Waits until `name` has answered so many calls from now on.
        void await(String name, int more) {
            int enough = answers.getOrDefault(name, 0) + more;
            BalancingTest.await(() -> answers.getOrDefault(name, 0) >= enough);
        }

        @Override
        public void close() {
            over = true;
            threads.close();
        }
    }
}
