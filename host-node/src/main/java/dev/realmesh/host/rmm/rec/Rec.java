// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rec;

import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.host.machine.Machine;
import dev.realmesh.host.machine.RealmProcessor;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.realm.Realm;
import java.util.List;
import java.util.Optional;

/// A Realm execution context. Used under the lock of its granule, or by the thread that runs it while it is running.
public final class Rec {
    private final Granule granule;
    private final Realm realm;
    private final long mpidr;
    private final List<Granule> aux;
    private volatile boolean runnable;
    private Registers registers;
    private PendingOperation pending = new PendingOperation.None();
    private Optional<TokenRequest> tokenRequest = Optional.empty();
    private Optional<RealmProcessor> processor = Optional.empty();

    /// A REC with registers as `params` say.
    public Rec(Granule granule, Realm realm, RecParams params, List<Granule> aux) {
        this.granule = granule;
        this.realm = realm;
        this.mpidr = params.mpidr();
        this.aux = List.copyOf(aux);
        this.runnable = params.isRunnable();
        this.registers = Registers.startingWith(params.registers(), params.pc());
    }

    /// Its granule.
    public Granule granule() {
        return granule;
    }

    /// Its Realm, which outlives it.
    public Realm realm() {
        return realm;
    }

    /// Affinity of the processor.
    public long mpidr() {
        return mpidr;
    }

    /// Granules that the host gave beside its own.
    public List<Granule> aux() {
        return aux;
    }

    /// Whether the host may enter it, as far as PSCI is concerned.
    public boolean isRunnable() {
        return runnable;
    }

    /// PSCI turned the processor on or off.
    public void setRunnable(boolean on) {
        runnable = on;
    }

    /// Whether a thread of the host is inside.
    public boolean isRunning() {
        return granule.references() > 0;
    }

    /// A thread of the host enters.
    public void enter() {
        granule.addReferences(1);
    }

    /// The thread of the host leaves.
    public void leave() {
        granule.addReferences(-1);
    }

    /// Registers that the next run starts with.
    public Registers registers() {
        return registers;
    }

    /// Changes the registers that the next run starts with.
    public void setRegisters(Registers next) {
        registers = next;
    }

    /// What it waits for.
    public PendingOperation pending() {
        return pending;
    }

    /// Changes what it waits for.
    public void setPending(PendingOperation next) {
        pending = next;
    }

    /// The attestation token that the Realm is reading, if any.
    public Optional<TokenRequest> tokenRequest() {
        return tokenRequest;
    }

    /// Begins the reading of a token.
    public void begin(TokenRequest request) {
        tokenRequest = Optional.of(request);
    }

    /// Ends the reading of a token.
    public void endTokenRequest() {
        tokenRequest = Optional.empty();
    }

    /// The processor; made when it is first asked for.
    public RealmProcessor processor(Machine machine) {
        RealmProcessor made = processor.orElseGet(() -> machine.newProcessor(realmAddress(), mpidr, realm.memory()));
        processor = Optional.of(made);
        return made;
    }

    /// Ends the processor, if there is one.
    public void retireProcessor(Machine machine) {
        processor.ifPresent(made -> machine.retire(realmAddress(), made));
        processor = Optional.empty();
    }

    private PhysicalAddress realmAddress() {
        return realm.descriptor().address();
    }
}
