// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.TeeKey;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many guests at once: each gets what is its own, once.
class ConcurrentHandshakesTest {
    private static final int GUESTS = 1000;
    private static final int RIVALS = 200;

    @TempDir
    Path folder;

    @Test
    void noneOfManyHandshakesIsLostOrMixedUp() throws Exception {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            List<GuestUnderTest> guests = atOnce(GUESTS, i -> {
                broker.put("default/key/" + i, secret(i));
                GuestUnderTest guest = new GuestUnderTest(broker.guest());
                guest.attest(broker.initdata);
                assertThat(guest.secret("default/key/" + i, broker.broker.identity()))
                        .isEqualTo(secret(i));
                return guest;
            });

            assertThat(guests.stream().map(GuestUnderTest::session).distinct()).hasSize(GUESTS);
            assertThat(guests.stream().map(GuestUnderTest::nonce).distinct()).hasSize(GUESTS);
            assertThat(broker.verifier.requests).hasSize(GUESTS);
            assertOnlyItsOwnKeyOpens(guests.get(0), guests.get(1).key);
        }
    }

    @Test
    void oneOfManyAttestationsForOneChallengeIsAppraised() throws Exception {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("default/key/0", secret(0));
            GuestUnderTest guest = new GuestUnderTest(broker.guest());

            List<Status.Code> outcomes = atOnce(RIVALS, i -> outcome(() -> guest.attest(broker.initdata)));

            assertThat(outcomes).filteredOn(code -> code == Status.Code.OK).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(code -> code == Status.Code.UNAUTHENTICATED)
                    .hasSize(RIVALS - 1);
            assertThat(broker.verifier.requests).hasSize(1);
            assertThat(guest.secret("default/key/0", broker.broker.identity())).isEqualTo(secret(0));
        }
    }

    /// While a secret is replaced again and again, a reader sees one of its values whole, and never none.
    @Test
    void readersDuringReplacementsSeeWholeSecrets() throws Exception {
        try (BrokerUnderTest broker = new BrokerUnderTest(folder)) {
            broker.put("default/key/0", secret(0));
            GuestUnderTest guest = new GuestUnderTest(broker.guest());
            guest.attest(broker.initdata);

            List<Boolean> whole = atOnce(RIVALS, i -> {
                if (i % 10 == 0) {
                    broker.put("default/key/0", secret(i));
                    return true;
                }
                String seen =
                        new String(guest.secret("default/key/0", broker.broker.identity()), StandardCharsets.UTF_8);
                return seen.matches("secret number \\d+0|secret number 0");
            });

            assertThat(whole).hasSize(RIVALS).containsOnly(true);
        }
    }

    private static void assertOnlyItsOwnKeyOpens(GuestUnderTest guest, TeeKey other) {
        KbsJwe jwe = KbsJwe.parse(guest.get("default/key/0").getJwe().toByteArray());
        assertThat(jwe.open(guest.key).length()).isPositive();
        assertThatThrownBy(() -> jwe.open(other)).isInstanceOf(KbsException.NotSealedToKey.class);
    }

    private static Status.Code outcome(Callable<?> call) throws Exception {
        try {
            call.call();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static <T> List<T> atOnce(int guests, Guest<T> guest) throws Exception {
        CountDownLatch ready = new CountDownLatch(guests);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < guests; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return guest.run(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        }
    }

    private static byte[] secret(int number) {
        return ("secret number " + number).getBytes(StandardCharsets.UTF_8);
    }

    private interface Guest<T> {
        T run(int number) throws Exception;
    }
}
