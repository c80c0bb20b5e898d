// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Granule protection and memory encryption of the machine.
class MachineTest {
    private static final PhysicalAddress PAGE = new PhysicalAddress(0x4190_0000L);
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;

    private final Machine machine = new Machine(AddressMap.qemuVirt(16 << 20), context -> {
        throw new IllegalStateException("no Realm runs here");
    });
    private final HostMemory host = machine.hostMemory();
    private final RealmWorldMemory realmWorld = machine.realmWorldMemory();

    @AfterEach
    void powerOff() {
        machine.close();
    }

    @Test
    void keepsTheHostOutOfDelegatedGranules() {
        host.write(PAGE, new byte[] {1, 2, 3});
        assertThat(machine.rootMemory().delegate(PAGE)).isEqualTo(GranuleTransition.DONE);
        assertThatThrownBy(() -> host.readGranule(PAGE)).isInstanceOf(MachineFault.GranuleProtection.class);
        assertThatThrownBy(() -> host.write(PAGE, new byte[] {9})).isInstanceOf(MachineFault.GranuleProtection.class);
        assertThatThrownBy(() -> realmWorld.readNonSecure(PAGE, new byte[1], 0, 1))
                .isInstanceOf(MachineFault.GranuleProtection.class);
        assertThat(machine.probe(PAGE)).startsWith(1, 2, 3);
    }

    @Test
    void keepsTheRealmWorldsAccessesToTheirSpaces() {
        MecId mecId = new MecId(1);
        assertThatThrownBy(() -> realmWorld.write(mecId, PAGE, new byte[1], 0, 1))
                .isInstanceOf(MachineFault.GranuleProtection.class);
        assertThat(machine.probe(PAGE)).containsOnly(0);
    }

    @Test
    void movesGranulesOnlyFromTheSpaceThatTheyAreIn() {
        assertThat(machine.rootMemory().undelegate(PAGE)).isEqualTo(GranuleTransition.BAD_SPACE);
        assertThat(machine.rootMemory().delegate(PAGE)).isEqualTo(GranuleTransition.DONE);
        assertThat(machine.rootMemory().delegate(PAGE)).isEqualTo(GranuleTransition.BAD_SPACE);
        assertThat(machine.rootMemory().undelegate(PAGE)).isEqualTo(GranuleTransition.DONE);
        assertThat(machine.rootMemory().delegate(PAGE.plus(8))).isEqualTo(GranuleTransition.BAD_ADDRESS);
        assertThat(machine.rootMemory().delegate(new PhysicalAddress(0x0E00_1000L)))
                .isEqualTo(GranuleTransition.BAD_ADDRESS);
        assertThat(machine.rootMemory().delegate(host.dram().end())).isEqualTo(GranuleTransition.BAD_ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({"0x0e001000", "0x0e100000", "0x40100000", "0x418ff000"})
    void keepsTheHostOutOfFirmware(String address) {
        PhysicalAddress firmware = new PhysicalAddress(Long.decode(address));
        assertThatThrownBy(() -> host.readGranule(firmware)).isInstanceOf(MachineFault.GranuleProtection.class);
        assertThat(machine.rootMemory().delegate(firmware)).isNotEqualTo(GranuleTransition.DONE);
    }

    @Test
    void hasNoMemoryBeyondDram() {
        PhysicalAddress beyond = host.dram().end();
        assertThatThrownBy(() -> host.readGranule(beyond)).isInstanceOf(MachineFault.NoMemory.class);
    }

    @Test
    void holdsCiphertextOfRealms() {
        MecId one = new MecId(1);
        MecId other = new MecId(2);
        machine.rootMemory().delegate(PAGE);
        byte[] secret = new byte[GRANULE];
        Arrays.fill(secret, (byte) 'x');
        realmWorld.fill(one, PAGE, secret.clone());
        assertThat(read(one)).isEqualTo(secret);
        assertThat(machine.probe(PAGE)).isNotEqualTo(secret);
        assertThat(read(other)).isNotEqualTo(secret);

        realmWorld.write(one, PAGE.plus(100), new byte[] {1, 2, 3}, 0, 3);
        byte[] part = new byte[5];
        realmWorld.read(one, PAGE.plus(99), part, 0, 5);
        assertThat(part).containsExactly('x', 1, 2, 3, 'x');
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "8, 8", "4088, 8", "15, 2", "16, 4080", "1, 4095", "77, 300"})
    void changesPartsOfAGranuleAlone(int offset, int length) {
        MecId mecId = new MecId(1);
        machine.rootMemory().delegate(PAGE);
        byte[] expected = new byte[GRANULE];
        for (int i = 0; i < GRANULE; i++) {
            expected[i] = (byte) (i * 7);
        }
        realmWorld.fill(mecId, PAGE, expected.clone());

        byte[] change = new byte[length];
        Arrays.fill(change, (byte) 0xEE);
        realmWorld.write(mecId, PAGE.plus(offset), change, 0, length);
        System.arraycopy(change, 0, expected, offset, length);
        assertThat(read(mecId)).isEqualTo(expected);
        byte[] part = new byte[length];
        realmWorld.read(mecId, PAGE.plus(offset), part, 0, length);
        assertThat(part).isEqualTo(change);
    }

    @Test
    void forgetsTheKeyOfAContextThatIsRefreshed() {
        MecId mecId = new MecId(1);
        machine.rootMemory().delegate(PAGE);
        realmWorld.fill(mecId, PAGE, new byte[GRANULE]);
        assertThat(read(mecId)).containsOnly(0);
        machine.rootMemory().refresh(mecId);
        assertThat(looksRandom(read(mecId))).isTrue();
    }

    @Test
    void showsNoiseWhereContentsWereMoved() {
        MecId mecId = new MecId(1);
        PhysicalAddress other = PAGE.plus(GRANULE);
        machine.rootMemory().delegate(PAGE);
        machine.rootMemory().delegate(other);
        realmWorld.fill(mecId, PAGE, new byte[GRANULE]);
        machine.interpose(other, machine.probe(PAGE));
        byte[] moved = new byte[GRANULE];
        realmWorld.read(mecId, other, moved, 0, GRANULE);
        assertThat(looksRandom(moved)).isTrue();
    }

    @Test
    void costsOnlyWhatIsWritten() {
        try (Machine large = new Machine(MachineModel.SBSA_REF.addressMap(1L << 40), context -> {
            throw new IllegalStateException("no Realm runs here");
        })) {
            HostMemory memory = large.hostMemory();
            PhysicalAddress last = memory.dram().end().plus(-GRANULE);
            assertThat(memory.readGranule(last)).containsOnly(0);
            assertThat(large.populatedBytes()).isZero();
            memory.write(last, new byte[] {1});
            memory.write(memory.dram().base(), new byte[] {2});
            assertThat(large.populatedBytes()).isEqualTo(2 * (2 << 20));
            assertThat(large.rootMemory().delegate(last)).isEqualTo(GranuleTransition.DONE);
            assertThatThrownBy(() -> memory.readGranule(last)).isInstanceOf(MachineFault.GranuleProtection.class);
            assertThat(memory.readGranule(last.plus(-GRANULE))).containsOnly(0);
        }
    }

    @Test
    void scrubsGranules() {
        host.write(PAGE, new byte[] {1, 2, 3});
        machine.rootMemory().delegate(PAGE);
        realmWorld.scrub(PAGE);
        assertThat(machine.probe(PAGE)).containsOnly(0);
    }

    private byte[] read(MecId mecId) {
        byte[] bytes = new byte[GRANULE];
        realmWorld.read(mecId, PAGE, bytes, 0, GRANULE);
        return bytes;
    }

    /// Whether no byte value is much more frequent than the others.
    private static boolean looksRandom(byte[] bytes) {
        int[] counts = new int[256];
        for (byte each : bytes) {
            counts[each & 0xFF]++;
        }
        return Arrays.stream(counts).max().orElseThrow() < bytes.length / 64;
    }
}
