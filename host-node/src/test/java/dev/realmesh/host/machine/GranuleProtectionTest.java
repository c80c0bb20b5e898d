// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.machine.MemoryBus.Access;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The granule protection check: which accesses pass by security state, physical address space and address, and what
/// the tables say at reset.
class GranuleProtectionTest {
    private static final int GRANULE = PhysicalAddress.GRANULE_SIZE;

    static Stream<Arguments> accesses() {
        return Stream.of(SecurityState.values())
                .flatMap(state -> Stream.of(Pas.values())
                        .flatMap(pas -> Stream.of(Gpi.values()).map(gpi -> Arguments.of(state, pas, gpi))));
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void checksStateSpaceAndGranule(SecurityState state, Pas pas, Gpi gpi) {
        PhysicalAddress address = new PhysicalAddress(0x4000_1000L);
        AddressMap map = new AddressMap(List.of(new AddressMap.Region(
                "all", new MemoryRange(new PhysicalAddress(0x4000_0000L), 0x3000), gpi, AddressMap.Kind.DRAM)));
        Set<Pas> named = switch (state) {
            case NON_SECURE -> EnumSet.of(Pas.NON_SECURE);
            case SECURE -> EnumSet.of(Pas.NON_SECURE, Pas.SECURE);
            case REALM -> EnumSet.of(Pas.NON_SECURE, Pas.REALM);
            case ROOT -> EnumSet.allOf(Pas.class);
        };
        boolean belongs = gpi == Gpi.ANY || gpi.name().equals(pas.name());
        try (MemoryBus bus = new MemoryBus(map)) {
            Access access = new Access(state, pas, address);
            if (named.contains(pas) && belongs) {
                bus.write(access, new byte[] {7}, 0, 1);
                byte[] read = new byte[1];
                bus.read(access, read, 0, 1);
                assertThat(read).containsExactly(7);
                return;
            }
            Class<? extends MachineFault> fault =
                    named.contains(pas) ? MachineFault.GranuleProtection.class : MachineFault.SpaceNotAccessible.class;
            assertThatThrownBy(() -> bus.read(access, new byte[1], 0, 1)).isInstanceOf(fault);
            assertThatThrownBy(() -> bus.write(access, new byte[1], 0, 1)).isInstanceOf(fault);
            assertThatThrownBy(() -> bus.scrub(access)).isInstanceOf(fault);
            assertThatThrownBy(() -> bus.patchEncrypted(access, new MecId(1), new byte[1], 0, 1))
                    .isInstanceOf(fault);
            assertThat(bus.probe(address)).containsOnly(0);
        }
    }

    @Test
    void letsEvenEl3NameOnlyTheRightSpace() {
        try (Machine machine = new Machine(AddressMap.qemuVirt(1 << 20), context -> {
            throw new IllegalStateException("no Realm runs here");
        })) {
            PhysicalAddress granule = machine.hostMemory().dram().base();
            byte[] read = new byte[4];
            machine.rootMemory().read(Pas.NON_SECURE, granule, read);
            machine.rootMemory().delegate(granule);
            machine.rootMemory().read(Pas.REALM, granule, read);
            assertThatThrownBy(() -> machine.rootMemory().read(Pas.NON_SECURE, granule, read))
                    .isInstanceOf(MachineFault.GranuleProtection.class);
            assertThatThrownBy(() -> machine.rootMemory().read(Pas.ROOT, granule, read))
                    .isInstanceOf(MachineFault.GranuleProtection.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "VIRT, 0x00000000, ANY",
        "VIRT, 0x0dfff000, ANY",
        "VIRT, 0x0e000000, ANY",
        "VIRT, 0x0e001000, ROOT",
        "VIRT, 0x0e0ff000, ROOT",
        "VIRT, 0x0e100000, SECURE",
        "VIRT, 0x0edfb000, SECURE",
        "VIRT, 0x0edfc000, ROOT",
        "VIRT, 0x0efff000, ROOT",
        "VIRT, 0x0f000000, ANY",
        "VIRT, 0x3ffff000, ANY",
        "VIRT, 0x40000000, NON_SECURE",
        "VIRT, 0x400ff000, NON_SECURE",
        "VIRT, 0x40100000, REALM",
        "VIRT, 0x418ff000, REALM",
        "VIRT, 0x41900000, NON_SECURE",
        "VIRT, 0x2418ff000, NON_SECURE",
        "VIRT, 0x241900000, ANY",
        "VIRT, 0x10000000000, ANY",
        "SBSA_REF, 0x00000000, ANY",
        "SBSA_REF, 0x20001000, ANY",
        "SBSA_REF, 0x20002000, SECURE",
        "SBSA_REF, 0x37ba8000, SECURE",
        "SBSA_REF, 0x37ba9000, ROOT",
        "SBSA_REF, 0x37fd7000, ROOT",
        "SBSA_REF, 0x37fd8000, ROOT",
        "SBSA_REF, 0x3ffff000, ROOT",
        "SBSA_REF, 0x40000000, ANY",
        "SBSA_REF, 0xfffffff000, ANY",
        "SBSA_REF, 0x10000000000, REALM",
        "SBSA_REF, 0x10042fff000, REALM",
        "SBSA_REF, 0x10043000000, NON_SECURE",
        "SBSA_REF, 0x10242fff000, NON_SECURE",
        "SBSA_REF, 0x10243000000, ANY"
    })
    void startsAsTfADividesTheMachine(MachineModel model, String address, Gpi gpi) {
        GranuleProtectionTable table = new GranuleProtectionTable(model.addressMap(8L << 30));
        assertThat(table.at(new PhysicalAddress(Long.decode(address)))).isEqualTo(gpi);
    }

    @ParameterizedTest
    @EnumSource(MachineModel.class)
    void changesOneGranuleAlone(MachineModel model) {
        AddressMap map = model.addressMap(8L << 30);
        GranuleProtectionTable table = new GranuleProtectionTable(map);
        PhysicalAddress first = map.hostDram().base();
        for (long offset : new long[] {0, 7, 15, 16, 0x3_0000, 0x10_0000}) {
            PhysicalAddress granule = first.plus(offset * GRANULE);
            table.set(granule, Pas.REALM);
            assertThat(table.at(granule)).isEqualTo(Gpi.REALM);
            assertThat(table.at(granule.plus(GRANULE))).isEqualTo(Gpi.NON_SECURE);
            table.set(granule, Pas.NON_SECURE);
            assertThat(table.at(granule)).isEqualTo(Gpi.NON_SECURE);
        }
        assertThat(table.at(first.plus(-GRANULE))).isEqualTo(Gpi.REALM);
    }
}
