// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.launch.LaunchException;
import dev.realmesh.host.launch.RealmId;
import dev.realmesh.host.launch.RealmRegistry;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.rmm.census.Census;
import dev.realmesh.host.rmm.census.RealmCensus;
import dev.realmesh.host.rmm.census.RecCensus;
import dev.realmesh.proto.host.v1.DescribeMachineResponse;
import dev.realmesh.proto.host.v1.MemoryRegion;
import dev.realmesh.proto.host.v1.RealmDescription;
import dev.realmesh.proto.host.v1.RecDescription;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the emulated machine shows to people who look at it: the host itself does nothing with it.
public final class DebuggingPort {
    private static final String RMI_VERSION = "1.0";

    private final AddressMap map;
    private final Supplier<Census> census;
    private final LongSupplier populatedBytes;
    private final RealmRegistry registry;

    /// @param map where everything is on the machine
    /// @param census counts its granules and Realms
    /// @param populatedBytes bytes of its DRAM that were ever written to
    /// @param registry the host's Realms, which have names
    public DebuggingPort(AddressMap map, Supplier<Census> census, LongSupplier populatedBytes, RealmRegistry registry) {
        this.map = map;
        this.census = census;
        this.populatedBytes = populatedBytes;
        this.registry = registry;
    }

    DescribeMachineResponse machine() {
        Census counted = census.get();
        DescribeMachineResponse.Builder machine = DescribeMachineResponse.newBuilder()
                .setRmiVersion(RMI_VERSION)
                .setDramBytes(map.hostDram().size())
                .setPopulatedBytes(populatedBytes.getAsLong())
                .setRealms(counted.realms().size())
                .setMaxRealms(registry.capacity());
        counted.granules().forEach((state, count) -> machine.putGranules(state.name(), count));
        map.regions().forEach(region -> machine.addRegions(region(region)));
        return machine.build();
    }

    private static MemoryRegion region(AddressMap.Region region) {
        return MemoryRegion.newBuilder()
                .setName(region.name())
                .setBase(region.range().base().value())
                .setSize(region.range().size())
                .setProtection(region.protection().name())
                .build();
    }

    /// @throws LaunchException.NoSuchRealm if there is none of this name, or it is not built yet, or gone
    RealmDescription realm(RealmId id) {
        PhysicalAddress descriptor = registry.descriptor(id);
        RealmCensus realm = census.get().realms().stream()
                .filter(each -> each.descriptor().equals(descriptor))
                .findFirst()
                .orElseThrow(() -> new LaunchException.NoSuchRealm(id));
        RealmDescription.Builder description = RealmDescription.newBuilder()
                .setRealm(Messages.realm(registry.get(id)))
                .setRmmState(realm.state().name())
                .setIpaBits(realm.translation().ipaWidth())
                .setOwnBytes(realm.translation().ownBytes())
                .setSharedBytes(realm.translation().sharedBytes());
        realm.extensibleMeasurements().forEach(rem -> description.addRem(bytes(rem)));
        realm.translation().tables().forEach(description::putTables);
        realm.recs().forEach(rec -> description.addRecs(rec(rec)));
        realm.exits().forEach((reason, count) -> description.putExits(reason.name(), count));
        return description.build();
    }

    private static RecDescription rec(RecCensus rec) {
        return RecDescription.newBuilder()
                .setMpidr(rec.mpidr())
                .setActivity(rec.activity().name())
                .build();
    }

    private static ByteString bytes(Digest digest) {
        return ByteString.copyFrom(digest.toByteArray());
    }
}
