// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.abi.RealmParams.RttRoot;
import dev.realmesh.cca.abi.RecExit.RipasChange;
import dev.realmesh.cca.abi.RecParams;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiResult;
import dev.realmesh.cca.abi.RmiStatus;
import dev.realmesh.cca.abi.RttGeometry;
import dev.realmesh.host.vmm.plan.BootOperation;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Realm as its host builds it up and takes it down: which commands, in which order, and which granules come back. It
/// does what the plan says and nothing else. Its processors run at once, so what they ask for while it runs is done one
/// after the other; building and taking down are for one thread.
final class VirtualRealm {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualRealm.class);
    private static final long MEASURED = 1;

    private final Rmi rmi;
    private final RealmGranules granules;
    private final PhysicalAddress descriptor;
    private final PhysicalAddress staging;
    private final RttGeometry geometry;
    private final RealmTables tables;
    private final RealmPages pages;
    private final List<PhysicalAddress> recs = new ArrayList<>();

    private VirtualRealm(Rmi rmi, RealmGranules granules, PhysicalAddress descriptor, BootPlan plan) {
        this.rmi = rmi;
        this.granules = granules;
        this.descriptor = descriptor;
        this.geometry = plan.geometry();
        this.staging = granules.takeShared();
        this.tables = new RealmTables(rmi, granules, descriptor, geometry);
        this.pages = new RealmPages(rmi, granules, descriptor, tables);
    }

    /// REALM_CREATE as `plan` says; its operations come next, by [#carryOut].
    ///
    /// @param vmid a number that no other Realm has
    /// @throws VmmException if it is refused; what was taken from `granules` is still theirs
    static VirtualRealm create(
            Rmi rmi, RealmGranules granules, BootPlan plan, RealmPersonalizationValue personalizationValue, int vmid) {
        RttGeometry geometry = plan.geometry();
        PhysicalAddress root = granules.takeDelegated(geometry.startTables());
        PhysicalAddress descriptor = granules.takeDelegated();
        RttRoot rtt = new RttRoot(root.value(), geometry.startLevel(), geometry.startTables());
        VirtualRealm realm = new VirtualRealm(rmi, granules, descriptor, plan);
        rmi.write(realm.staging, new RealmParams(plan.features(), personalizationValue, vmid, rtt).encode());
        rmi.require(RmiCommand.REALM_CREATE, descriptor.value(), realm.staging.value());
        return realm;
    }

    /// The Realm's descriptor, which is its name to the machine.
    PhysicalAddress descriptor() {
        return descriptor;
    }

    /// All RECs, by position.
    List<PhysicalAddress> recs() {
        return List.copyOf(recs);
    }

    /// The REC at this position.
    PhysicalAddress rec(int index) {
        return recs.get(index);
    }

    /// Whether an IPA is in the half that Realm and host share.
    boolean isShared(long ipa) {
        return ipa >= geometry.protectedTop();
    }

    /// Does one step of the plan.
    void carryOut(BootOperation operation) {
        switch (operation) {
            case InitRipas ripas -> initRipas(ripas.base(), ripas.top());
            case LoadData data -> load(data);
            case CreateRec rec -> createRec(rec);
        }
    }

    private void initRipas(long base, long top) {
        for (long at = base; at < top; ) {
            long from = at;
            RmiResult result =
                    tables.whileMissing(from, () -> rmi.call(RmiCommand.RTT_INIT_RIPAS, descriptor.value(), from, top));
            at = required(RmiCommand.RTT_INIT_RIPAS, result).x1();
        }
    }

    private void load(LoadData data) {
        byte[] page = new byte[PhysicalAddress.GRANULE_SIZE];
        for (long ipa = data.base(); ipa < data.top(); ipa += BootPlan.PAGE) {
            data.blob().readPage(ipa - data.loadAddress(), page);
            rmi.write(staging, page);
            pages.create(RmiCommand.DATA_CREATE, ipa, staging.value(), data.measured() ? MEASURED : 0);
        }
    }

    /// Gives the Realm an empty page where it touched memory that it owns but does not have yet; another processor may
    /// have been first.
    synchronized void populate(long ipa) {
        if (!pages.has(ipa)) {
            pages.create(RmiCommand.DATA_CREATE_UNKNOWN, ipa);
        }
    }

    private void createRec(CreateRec rec) {
        long auxCount =
                rmi.require(RmiCommand.REC_AUX_COUNT, descriptor.value()).x1();
        List<Long> aux = new ArrayList<>();
        for (int i = 0; i < auxCount; i++) {
            aux.add(granules.takeDelegated().value());
        }
        PhysicalAddress granule = granules.takeDelegated();
        long flags = rec.runnable() ? RecParams.FLAG_RUNNABLE : 0;
        RecParams params = new RecParams(flags, RecParams.mpidr(rec.index()), rec.pc(), rec.registers(), auxCount, aux);
        rmi.write(staging, params.encode());
        rmi.require(RmiCommand.REC_CREATE, descriptor.value(), granule.value(), staging.value());
        recs.add(granule);
    }

    /// REALM_ACTIVATE: nothing more can be measured, and RECs can be entered.
    void activate() {
        rmi.require(RmiCommand.REALM_ACTIVATE, descriptor.value());
    }

    /// Grants the RIPAS change that a REC asked for, as far as the RMM lets the host: the Realm sees how far that was.
    /// Pages that the Realm gave up are the host's again.
    synchronized void setRipas(PhysicalAddress rec, RipasChange change) {
        long reached = change.base();
        while (reached < change.top()) {
            long from = reached;
            RmiResult result = tables.whileMissing(
                    from,
                    () -> rmi.call(RmiCommand.RTT_SET_RIPAS, descriptor.value(), rec.value(), from, change.top()));
            if (!result.status().isSuccess()) {
                break;
            }
            reached = result.x1();
        }
        if (change.ripas() == Ripas.EMPTY) {
            pages.destroy(change.base(), reached);
        }
    }

    /// Destroys all that the Realm is made of, in the order that the RMM asks for; only the granules of pages are back
    /// then. Goes on after a refusal, which only a broken host or RMM can cause.
    void destroy() {
        recs.forEach(rec -> expectSuccess(RmiCommand.REC_DESTROY, rec.value()));
        pages.destroy(0, geometry.protectedTop());
        tables.destroyAll();
        expectSuccess(RmiCommand.REALM_DESTROY, descriptor.value());
    }

    private static RmiResult required(RmiCommand command, RmiResult result) {
        if (!result.status().isSuccess()) {
            throw new VmmException.Refused(command, result.status());
        }
        return result;
    }

    private void expectSuccess(RmiCommand command, long... arguments) {
        RmiResult result = rmi.call(command, arguments);
        RmiStatus status = result.status();
        if (!status.isSuccess()) {
            LOG.error("Realm {}: {}: {}", descriptor, command, status);
        }
    }
}
