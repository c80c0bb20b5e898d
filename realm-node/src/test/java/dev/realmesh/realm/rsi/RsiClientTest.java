// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RSI 1.0 from inside the Realm: one test per command, and what its answers may not be.
@Timeout(30)
class RsiClientTest {
    @TempDir
    Path folder;

    private ScriptedProcessor processor;
    private RsiClient rsi;

    @BeforeEach
    void start() throws IOException {
        processor = ScriptedProcessor.at(folder.resolve("smc.sock"));
        rsi = processor.client();
    }

    @AfterEach
    void stop() throws IOException {
        processor.close();
    }

    @ParameterizedTest
    @MethodSource("dev.realmesh.testkit.Seeds#some")
    void joinsTokenFromPiecesOfAnySize(long seed) {
        RandomGenerator random = Seeds.random(seed);
        byte[] token = new byte[random.nextInt(1, 64 * 1024 + 1)];
        random.nextBytes(token);
        byte[] challenge = new byte[64];
        random.nextBytes(challenge);
        processor.signing(token, random.nextInt(64, 5000));

        assertThat(rsi.attestationToken(challenge)).isEqualTo(token);
        assertThat(processor.challenge()).isEqualTo(challenge);
    }

    @Test
    void refusesTokenThatNeverEnds() {
        processor.signing(new byte[64 * 1024 + 1], 4096);
        assertThatThrownBy(() -> rsi.attestationToken(new byte[64])).isInstanceOf(RsiException.Malformed.class);

        processor.bending(
                RsiCommand.ATTEST_TOKEN_CONTINUE,
                answer -> answer.with(0, RsiStatus.INCOMPLETE.code()).with(1, 0));
        assertThatThrownBy(() -> rsi.attestationToken(new byte[64])).isInstanceOf(RsiException.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4097, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesPieceThatIsNoPieceOfAPage(long written) {
        processor.bending(RsiCommand.ATTEST_TOKEN_CONTINUE, answer -> answer.with(1, written));

        assertThatThrownBy(() -> rsi.attestationToken(new byte[64])).isInstanceOf(RsiException.Malformed.class);
    }

    @Test
    void keepsTokensOfSeveralThreadsApart() {
        byte[] token = new byte[9000];
        Seeds.random(1).nextBytes(token);
        processor.signing(token, 1000);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<byte[]>> tokens = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> rsi.attestationToken(new byte[64]), threads))
                    .toList();
            assertThat(tokens).allSatisfy(got -> assertThat(got.join()).isEqualTo(token));
        }
    }

    @Test
    void readsWhatTheRealmWasPersonalisedWith() {
        byte[] rpv = new byte[64];
        Seeds.random(2).nextBytes(rpv);
        processor.personalisedWith(rpv);

        assertThat(rsi.realmConfig().personalizationValue().toByteArray()).isEqualTo(rpv);
    }

    @Test
    void extendsMeasurements() throws Exception {
        byte[] value = new byte[37];
        Seeds.random(3).nextBytes(value);
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        expected.update(new byte[32]);
        expected.update(value);

        rsi.extendMeasurement(MeasurementRegister.REM0, Bytes.copyOf(value));

        assertThat(rsi.measurement(MeasurementRegister.REM0).toByteArray()).isEqualTo(expected.digest());
        assertThat(rsi.measurement(MeasurementRegister.REM1).toByteArray()).isEqualTo(new byte[32]);
    }

    @Test
    void doesNotExtendTheRimOrByTooMuch() {
        assertThatThrownBy(() -> rsi.extendMeasurement(MeasurementRegister.RIM, Bytes.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rsi.extendMeasurement(MeasurementRegister.REM0, Bytes.copyOf(new byte[65])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhichCallWasRefused() {
        processor.bending(RsiCommand.VERSION, answer -> answer.with(0, RsiStatus.ERROR_INPUT.code()));
        assertThatThrownBy(rsi::requireVersion)
                .isInstanceOf(RsiException.Refused.class)
                .hasMessage("RSI_VERSION: ERROR_INPUT (expected: SUCCESS)");

        processor.bending(RsiCommand.REALM_CONFIG, answer -> answer.with(0, 77));
        assertThatThrownBy(rsi::realmConfig).isInstanceOf(RsiException.Malformed.class);
    }

    @Test
    void tellsAbortOfItsOwnAccess() {
        try (Conduit conduit = Conduit.connect(folder.resolve("smc.sock"))) {
            assertThatThrownBy(() -> conduit.load(new IntermediatePhysicalAddress(0x1000), 8))
                    .isInstanceOf(RsiException.Aborted.class)
                    .hasMessageContaining("0x1000");
        }
    }

    @Test
    void outlivesInterruptOfItsCaller() {
        Thread.currentThread().interrupt();

        assertThat(rsi.measurement(MeasurementRegister.REM0).size()).isEqualTo(32);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(rsi.measurement(MeasurementRegister.REM0).size()).isEqualTo(32);
    }

    @Test
    void powersOff() {
        Conduit conduit = Conduit.connect(folder.resolve("smc.sock"));

        conduit.systemOff();

        assertThat(processor.poweredOff()).isCompleted();
        assertThatThrownBy(() -> conduit.load(ScriptedProcessor.SCRATCH, 8))
                .isInstanceOf(RsiException.Disconnected.class);
    }
}
