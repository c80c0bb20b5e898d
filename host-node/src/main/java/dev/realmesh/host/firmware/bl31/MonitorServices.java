// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.bl31;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.host.firmware.hes.HardwareEnforcedSecurity;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.RootMemory;
import dev.realmesh.host.rmm.Rmm;
import dev.realmesh.host.rmm.attestation.TokenOptions;
import dev.realmesh.host.rmm.monitor.GtsiStatus;
import dev.realmesh.host.rmm.monitor.SecureMonitor;
import java.security.KeyPair;

/// BL31: sees to memory, and passes the RMM's other wishes to the root of trust.
public final class MonitorServices implements SecureMonitor {
    private final HardwareEnforcedSecurity security;
    private final MemoryMonitor memory;

    /// Services over a root of trust whose measurements are locked.
    public MonitorServices(HardwareEnforcedSecurity security, RootMemory memory) {
        this.security = security;
        this.memory = new MemoryMonitor(memory);
    }

    /// Enters the RMM, which asks for its attestation key and the platform token before it serves the host.
    public Rmm enterRmm(Machine machine, TokenOptions tokens) {
        return Rmm.boot(machine, this, tokens);
    }

    @Override
    public GtsiStatus delegate(PhysicalAddress granule) {
        return memory.delegate(granule);
    }

    @Override
    public GtsiStatus undelegate(PhysicalAddress granule) {
        return memory.undelegate(granule);
    }

    @Override
    public void refreshEncryption(MecId mecId) {
        memory.refreshEncryption(mecId);
    }

    @Override
    public KeyPair realmAttestationKey() {
        return security.newRealmAttestationKey();
    }

    @Override
    public Bytes platformToken(Bytes challenge) {
        return security.sign(challenge).encode();
    }
}
