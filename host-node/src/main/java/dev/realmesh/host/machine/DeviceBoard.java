// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine;

import dev.realmesh.cca.abi.PhysicalAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Where the host plugs devices into a Realm and pulls the interrupt line of its processors.
public final class DeviceBoard {
    private final Map<PhysicalAddress, RealmDevices> devices = new ConcurrentHashMap<>();
    private final Set<Plugged> processors = ConcurrentHashMap.newKeySet();

    DeviceBoard() {}

    /// Attaches devices to the Realm whose descriptor is at `realm`; before its first REC is entered.
    public void attach(PhysicalAddress realm, RealmDevices attached) {
        devices.put(realm, attached);
    }

    /// Detaches all devices of a Realm.
    public void detach(PhysicalAddress realm) {
        devices.remove(realm);
    }

    /// Interrupts all processors of a Realm: each leaves to the host soon.
    public void interrupt(PhysicalAddress realm) {
        processors.stream()
                .filter(plugged -> plugged.realm().equals(realm))
                .forEach(plugged -> plugged.processor().interrupt());
    }

    RealmDevices devicesOf(PhysicalAddress realm) {
        return devices.getOrDefault(realm, RealmDevices.NONE);
    }

    void plug(PhysicalAddress realm, RealmProcessor processor) {
        processors.add(new Plugged(realm, processor));
    }

    void unplug(PhysicalAddress realm, RealmProcessor processor) {
        processors.remove(new Plugged(realm, processor));
    }

    private record Plugged(PhysicalAddress realm, RealmProcessor processor) {}
}
