// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.StageTwoFault.Access;
import dev.realmesh.host.machine.StageTwoFault.Cause;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The stage 2 walker over tables that are written by hand (VMSAv8-64, 4 KiB granules).
class StageTwoTest {
    private static final PhysicalAddress BASE = new PhysicalAddress(0x41A0_0000L);
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;
    /// Access flag, inner shareable, readable and writable, write-back.
    private static final long OWN = 0x7D8;
    /// The same in the non-secure space, not executable.
    private static final long SHARED = 0x00C0_0000_0000_07D8L;

    private final Machine machine = new Machine(AddressMap.qemuVirt(16 << 20), context -> {
        throw new IllegalStateException("no Realm runs here");
    });
    private final RealmWorldMemory memory = machine.realmWorldMemory();
    private final MecId mecId = new MecId(1);
    private StageTwo stageTwo = stageTwo(2, 33, false);

    @BeforeEach
    void delegateGranules() {
        for (int number = 0; number < 64; number++) {
            machine.rootMemory().delegate(granule(number));
            fill(number, 0);
        }
    }

    @AfterEach
    void powerOff() {
        machine.close();
    }

    @Test
    void findsPagesThroughTablesInMemory() {
        write(4, 7, granule(9).value() | 3);
        write(9, 5, granule(20).value() | OWN | 3);
        fill(20, 0x55);
        long ipa = 4L << 30 | 7L << 21 | 5L << 12;
        assertThat(load(ipa + 100)).contains((byte) 0x55);
        assertThat(fault(ipa + GRANULE, Access.LOAD)).contains(fault(ipa + GRANULE, Access.LOAD, 3));
        assertThat(fault(ipa + (2 << 20), Access.LOAD)).contains(fault(ipa + (2 << 20), Access.LOAD, 2));
    }

    @Test
    void findsBlocks() {
        write(0, 1, granule(0).value() & -(2L << 20) | OWN | 1);
        fill(33, 0x66);
        assertThat(load((2L << 20) + granule(33).value() % (2 << 20) + 5)).contains((byte) 0x66);
    }

    @Test
    void reachesTheHostsMemoryOnlyThroughNonSecureEntries() {
        PhysicalAddress page = granule(100);
        machine.hostMemory().write(page, new byte[] {0x77});
        write(0, 0, granule(9).value() | 3);
        write(9, 0, page.value() | SHARED | 3);
        write(9, 1, page.value() | OWN | 3);
        write(9, 2, granule(20).value() | SHARED | 3);
        assertThat(load(0)).contains((byte) 0x77);
        assertThat(fault(0x1000, Access.LOAD).orElseThrow().cause()).isEqualTo(Cause.GRANULE_PROTECTION);
        assertThat(fault(0x2000, Access.STORE).orElseThrow().cause()).isEqualTo(Cause.GRANULE_PROTECTION);
        assertThat(fault(0, Access.FETCH).orElseThrow().cause()).isEqualTo(Cause.PERMISSION);
    }

    @ParameterizedTest
    @CsvSource({"0x40, true, false", "0x80, false, true", "0xC0, true, true", "0, false, false"})
    void checksPermissions(String permissions, boolean readable, boolean writable) {
        write(0, 0, granule(9).value() | 3);
        write(9, 0, granule(100).value() | (SHARED & ~0xC0) | Long.decode(permissions) | 3);
        assertThat(fault(0, Access.LOAD).isEmpty()).isEqualTo(readable);
        assertThat(fault(0, Access.STORE).isEmpty()).isEqualTo(writable);
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void doesNotTranslateBeyondTheIpaSpace(Access access) {
        long beyond = 1L << 33;
        assertThat(fault(beyond, access)).contains(fault(beyond, access, 0));
    }

    @Test
    void takesEntriesWithReservedTypesForUnmapped() {
        write(0, 0, granule(9).value() | 3);
        write(9, 0, granule(20).value() | OWN | 1);
        assertThat(fault(0, Access.LOAD)).contains(fault(0, Access.LOAD, 3));
        stageTwo = stageTwo(0, 48, false);
        write(0, 0, OWN | 1);
        assertThat(fault(0, Access.LOAD)).contains(fault(0, Access.LOAD, 0));
    }

    @Test
    void readsHighAddressBitsOnlyOfLargeAddresses() {
        StageTwoRegime small = new StageTwoRegime(BASE, 2, 33, false);
        StageTwoRegime large = new StageTwoRegime(BASE, 2, 33, true);
        StageTwoDescriptor entry = new StageTwoDescriptor(0x0001_0000_4020_3303L, 2);
        assertThat(entry.address(large)).isEqualTo(new PhysicalAddress(0xD_0000_4020_3000L));
        assertThat(entry.address(small)).isEqualTo(new PhysicalAddress(0x4020_3000L));
    }

    @Test
    void keepsWhatItFoundUntilTablesChange() {
        write(0, 0, granule(9).value() | 3);
        write(9, 0, granule(20).value() | OWN | 3);
        fill(20, 0x11);
        fill(21, 0x22);
        assertThat(load(0)).contains((byte) 0x11);
        write(9, 0, granule(21).value() | OWN | 3);
        assertThat(load(0)).contains((byte) 0x11);
        IntermediatePhysicalAddress page = new IntermediatePhysicalAddress(0);
        stageTwo.change(page, page.plus(GRANULE), () -> write(9, 0, granule(21).value() | OWN | 3));
        assertThat(load(0)).contains((byte) 0x22);
        stageTwo.change(page, page.plus(1L << 30), () -> write(0, 0, 0));
        assertThat(fault(0, Access.LOAD)).contains(fault(0, Access.LOAD, 2));
    }

    @Test
    void seesNoiseInTablesOfAnotherContext() {
        MecId other = new MecId(2);
        memory.writeWord(other, granule(0), granule(20).value() | OWN | 1);
        fill(20, 0x11);
        assertThat(memory.readWord(mecId, granule(0))).isNotEqualTo(granule(20).value() | OWN | 1);
    }

    private StageTwo stageTwo(int startLevel, int width, boolean largeAddresses) {
        return new StageTwo(new StageTwoRegime(BASE, startLevel, width, largeAddresses), memory, mecId);
    }

    private Optional<Byte> load(long ipa) {
        byte[] read = new byte[1];
        Optional<StageTwoFault> fault =
                new RealmMemory(stageTwo, memory, mecId).load(new IntermediatePhysicalAddress(ipa), read, 0, 1);
        return fault.isEmpty() ? Optional.of(read[0]) : Optional.empty();
    }

    private Optional<StageTwoFault> fault(long ipa, Access access) {
        RealmMemory realm = new RealmMemory(stageTwo, memory, mecId);
        IntermediatePhysicalAddress at = new IntermediatePhysicalAddress(ipa);
        return switch (access) {
            case LOAD -> realm.load(at, new byte[1], 0, 1);
            case STORE -> realm.store(at, new byte[1], 0, 1);
            case FETCH -> realm.fetch(at, new byte[1], 0, 1);
        };
    }

    private static StageTwoFault fault(long ipa, Access access, int level) {
        return new StageTwoFault(new IntermediatePhysicalAddress(ipa), access, Cause.TRANSLATION, level);
    }

    /// Writes entry `index` of the table in granule `table`.
    private void write(int table, int index, long entry) {
        memory.writeWord(mecId, granule(table).plus(8L * index), entry);
    }

    private void fill(int granule, int value) {
        byte[] bytes = new byte[GRANULE];
        Arrays.fill(bytes, (byte) value);
        memory.fill(mecId, granule(granule), bytes);
    }

    private static PhysicalAddress granule(int number) {
        return BASE.plus((long) number * GRANULE);
    }
}
