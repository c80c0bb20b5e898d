// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.io.IOException;
import java.io.OutputStream;

/// A machine: DRAM with granule protection and memory encryption, and processors that run Realms. Each world gets the
/// view of it that its security state allows.
public final class Machine implements AutoCloseable {
    private final AddressMap map;
    private final RealmProcessorFactory processors;
    private final MemoryBus bus;
    private final DeviceBoard board = new DeviceBoard();

    /// A machine in reset: memory is zero, granule protection as `map` says.
    public Machine(AddressMap map, RealmProcessorFactory processors) {
        this.map = map;
        this.processors = processors;
        this.bus = new MemoryBus(map);
    }

    /// Memory for the host.
    public HostMemory hostMemory() {
        return new HostMemory(bus, map.hostDram());
    }

    /// Memory for the RMM.
    public RealmWorldMemory realmWorldMemory() {
        return new RealmWorldMemory(bus);
    }

    /// Granule protection for EL3.
    public RootMemory rootMemory() {
        return new RootMemory(bus);
    }

    /// Devices and interrupt lines of Realms, for the host.
    public DeviceBoard board() {
        return board;
    }

    /// A processor for the Realm at `realm`, with the devices that the host attached to it.
    public RealmProcessor newProcessor(PhysicalAddress realm, long mpidr, RealmMemory memory) {
        RealmProcessor processor =
                processors.create(new ProcessorContext(realm, mpidr, memory, board.devicesOf(realm)));
        board.plug(realm, processor);
        return processor;
    }

    /// Ends a processor of the Realm at `realm`.
    public void retire(PhysicalAddress realm, RealmProcessor processor) {
        board.unplug(realm, processor);
        processor.close();
    }

    /// Where everything is.
    public AddressMap addressMap() {
        return map;
    }

    /// Bytes of DRAM that cost something: those that were ever written to, in chunks.
    public long populatedBytes() {
        return bus.populated();
    }

    /// Writes out what a probe on the memory's pins sees of all DRAM that was ever written to, in chunks of 2 MiB by
    /// ascending address: no check, no decryption.
    public void dump(OutputStream into) throws IOException {
        bus.dump(into);
    }

    /// What a probe on the memory's pins sees of a granule: no check, no decryption.
    byte[] probe(PhysicalAddress granule) {
        return bus.probe(granule);
    }

    /// What an interposer on the memory's pins does to a granule: no check, no encryption.
    void interpose(PhysicalAddress granule, byte[] bytes) {
        bus.interpose(granule, bytes);
    }

    /// Gives the memory back; no access may follow.
    @Override
    public void close() {
        bus.close();
    }
}
