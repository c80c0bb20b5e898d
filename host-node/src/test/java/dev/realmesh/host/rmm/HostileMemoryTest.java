// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RecEnter;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.machine.MemoryProbe;
import dev.realmesh.host.machine.ProcessorContext;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Trap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What someone sees and does who has the machine's DRAM in hand: a dump, swapped and replayed contents, what a Realm
/// left behind.
class HostileMemoryTest {
    private static final byte[] LOADED = bytes("kernel command line: secret=of-the-image");
    private static final byte[] WRITTEN = bytes("-----BEGIN PRIVATE KEY----- of the guest");
    private static final byte[] OF_THE_HOST = bytes("what the host keeps in its own memory");
    private static final long RAM = 0x8000_0000L;
    private static final int PAGE = 4096;
    private static final int RUN = 14;
    private static final int SOURCE = 15;
    private static final int PAGES = 20;

    private final AtomicReference<RealmMemory> memory = new AtomicReference<>();
    private final TestPlatform platform = new TestPlatform(this::processor);
    private final MemoryProbe probe = new MemoryProbe(platform.machine);

    @BeforeEach
    void runRealm() {
        for (int number = 0; number < 12; number++) {
            delegate(number);
        }
        makeRealm();
    }

    @AfterEach
    void powerOff() {
        platform.close();
    }

    @Test
    void showsNothingOfTheGuestInADump() {
        platform.memory.write(TestPlatform.granule(SOURCE), OF_THE_HOST);
        assertThat(read(0, LOADED.length)).isEqualTo(LOADED);
        assertThat(read(2, WRITTEN.length)).isEqualTo(WRITTEN);
        assertThat(probe.contains(OF_THE_HOST)).isTrue();
        assertThat(probe.contains(LOADED)).isFalse();
        assertThat(probe.contains(WRITTEN)).isFalse();
        for (String part : List.of("kernel command", "secret=", "PRIVATE KEY", "of the guest")) {
            assertThat(probe.contains(bytes(part))).as(part).isFalse();
        }
    }

    @Test
    void showsTheGuestNoiseWherePagesWereSwapped() {
        PhysicalAddress one = TestPlatform.granule(PAGES);
        PhysicalAddress other = TestPlatform.granule(PAGES + 1);
        byte[] kept = probe.read(one);
        probe.write(one, probe.read(other));
        probe.write(other, kept);
        assertThat(read(0, LOADED.length)).isNotEqualTo(LOADED);
        assertThat(read(1, LOADED.length)).isNotEqualTo(LOADED);
        assertThat(Arrays.equals(read(0, PAGE), read(1, PAGE))).isFalse();
    }

    @Test
    void showsTheGuestNoiseWhereABitWasFlipped() {
        PhysicalAddress page = TestPlatform.granule(PAGES);
        byte[] ciphertext = probe.read(page);
        ciphertext[3] ^= 1;
        probe.write(page, ciphertext);
        byte[] seen = read(0, LOADED.length);
        assertThat(Arrays.copyOf(seen, 16)).isNotEqualTo(Arrays.copyOf(LOADED, 16));
        assertThat(Arrays.copyOfRange(seen, 16, seen.length))
                .as("only the block is lost: memory encryption has no integrity")
                .isEqualTo(Arrays.copyOfRange(LOADED, 16, LOADED.length));
    }

    @Test
    void doesNotNoticeThatMemoryWasReplayed() {
        byte[] before = probe.read(TestPlatform.granule(PAGES));
        store(0, WRITTEN);
        probe.write(TestPlatform.granule(PAGES), before);
        assertThat(read(0, LOADED.length)).isEqualTo(LOADED);
    }

    @Test
    void forgetsTheKeyOfADestroyedRealm() {
        byte[] ciphertext = probe.read(TestPlatform.granule(PAGES));
        destroyRealm();
        assertThat(probe.read(TestPlatform.granule(PAGES))).containsOnly(0);
        makeRealm();
        assertThat(read(0, LOADED.length)).isEqualTo(LOADED);
        probe.write(TestPlatform.granule(PAGES), ciphertext);
        assertThat(read(0, LOADED.length))
                .as("what another Realm wrote in the same place under the same number of a context")
                .isNotEqualTo(LOADED);
    }

    @Test
    void givesTheHostItsMemoryBackEmpty() {
        destroyRealm();
        for (int number = 0; number < PAGES + 3; number++) {
            if (number < 12 || number >= PAGES) {
                PhysicalAddress granule = TestPlatform.granule(number);
                platform.succeed(RmiCommand.GRANULE_UNDELEGATE, granule.value());
                assertThat(platform.memory.readGranule(granule)).containsOnly(0);
            }
        }
    }

    /// A Realm whose pages 0 and 1 were loaded by the host, and which wrote page 2 itself.
    private void makeRealm() {
        write(
                SOURCE,
                new RealmParams(
                                new RealmFeatures(0, 33, 0, 1, 1, 0, 0),
                                RealmPersonalizationValue.NONE,
                                1,
                                new RealmParams.RttRoot(granule(0), 2, 8))
                        .encode());
        platform.succeed(RmiCommand.REALM_CREATE, granule(8), granule(SOURCE));
        platform.succeed(RmiCommand.RTT_CREATE, granule(8), granule(9), RAM, 3);
        platform.succeed(RmiCommand.RTT_INIT_RIPAS, granule(8), RAM, RAM + 3 * PAGE);
        write(SOURCE, Arrays.copyOf(LOADED, PAGE));
        for (int page = 0; page < 3; page++) {
            delegate(PAGES + page);
            platform.succeed(
                    RmiCommand.DATA_CREATE,
                    granule(8),
                    granule(PAGES + page),
                    RAM + (long) page * PAGE,
                    granule(SOURCE),
                    1);
        }
        List<Long> aux = LongStream.range(0, 16)
                .map(number -> delegate(40 + (int) number))
                .boxed()
                .toList();
        write(SOURCE, new RecParams(1, 0, RAM, GeneralRegisters.zero(8), 16, aux).encode());
        platform.succeed(RmiCommand.REC_CREATE, granule(8), granule(10), granule(SOURCE));
        platform.succeed(RmiCommand.REALM_ACTIVATE, granule(8));
        write(RUN, RecEnter.of(0).encode());
        write(SOURCE, new byte[PAGE]);
        platform.succeed(RmiCommand.REC_ENTER, granule(10), granule(RUN));
        store(2, WRITTEN);
    }

    private void destroyRealm() {
        platform.succeed(RmiCommand.REC_DESTROY, granule(10));
        for (int page = 0; page < 3; page++) {
            platform.succeed(RmiCommand.DATA_DESTROY, granule(8), RAM + (long) page * PAGE);
        }
        platform.succeed(RmiCommand.RTT_DESTROY, granule(8), RAM, 3);
        platform.succeed(RmiCommand.REALM_DESTROY, granule(8));
    }

    private RealmProcessor processor(ProcessorContext context) {
        memory.set(context.memory());
        return new HookedProcessor(resumption -> new Trap.Interrupt(resumption.registers(), Trap.Interrupt.Kind.IRQ));
    }

    private byte[] read(int page, int length) {
        byte[] bytes = new byte[length];
        assertThat(memory.get().load(ipa(page), bytes, 0, length)).isEmpty();
        return bytes;
    }

    private void store(int page, byte[] bytes) {
        assertThat(memory.get().store(ipa(page), bytes, 0, bytes.length)).isEmpty();
    }

    private void write(int granule, byte[] bytes) {
        platform.memory.write(TestPlatform.granule(granule), bytes);
    }

    private long delegate(int number) {
        platform.call(RmiCommand.GRANULE_DELEGATE, granule(number));
        return granule(number);
    }

    private static IntermediatePhysicalAddress ipa(int page) {
        return new IntermediatePhysicalAddress(RAM + (long) page * PAGE);
    }

    private static long granule(int number) {
        return TestPlatform.granule(number).value();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
