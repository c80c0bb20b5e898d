// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.plan;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.eventlog.EventLog;
import dev.realmesh.cca.eventlog.LogDigest;
import dev.realmesh.cca.eventlog.LogEvent;
import dev.realmesh.cca.eventlog.RealmEvent;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The log by which a monitor tells its guest how it was built, so that a verifier can do it again: the operations of a
/// plan, in order, and the place of the log itself.
///
/// @param monitor name of the monitor
/// @param version its version
/// @param place where the log lies; as long as there is room for it, zero after its end
public record BootLog(String monitor, String version, BootPlan.Range place) {
    /// Name of what is loaded of it.
    public static final String NAME = "event log";

    /// The log of a plan, as it is loaded.
    ///
    /// @throws PlanException.DoesNotFit if there is no room for it
    LoadData write(BootPlan plan) {
        byte[] log = EventLog.sha256(events(plan)).encode();
        long room = place.top() - place.base();
        if (log.length > room) {
            throw PlanException.DoesNotFit.tooLarge(NAME, log.length, room);
        }
        return new LoadData(NAME, Blob.of(log).padTo(Math.toIntExact(room)), place.base(), false);
    }

    private List<LogEvent> events(BootPlan plan) {
        int vcpus = (int)
                plan.operations().stream().filter(CreateRec.class::isInstance).count();
        List<RealmEvent> events = new ArrayList<>();
        events.add(new RealmEvent.Monitor(
                monitor, version, plan.ram().top() - plan.ram().base(), vcpus));
        events.add(new RealmEvent.Created(plan.features()));
        for (BootOperation operation : plan.operations()) {
            switch (operation) {
                case InitRipas ripas ->
                    events.add(new RealmEvent.RamInitialized(ripas.base(), ripas.top() - ripas.base()));
                case LoadData data -> events.add(loaded(data));
                case CreateRec rec -> {
                    if (rec.runnable()) {
                        events.add(new RealmEvent.RecCreated(rec.pc(), rec.registers()));
                    }
                }
            }
        }
        events.add(new RealmEvent.ImageLoaded("LOG", place.base(), place.top() - place.base(), List.of()));
        return events.stream().map(RealmEvent::toEvent).toList();
    }

    private static RealmEvent loaded(LoadData data) {
        Bytes digest = Bytes.copyOf(data.blob().digest(HashAlgorithm.SHA_256).toByteArray());
        return new RealmEvent.ImageLoaded(
                data.name().equals(Role.DEVICE_TREE.title())
                        ? "DTB"
                        : data.name().toUpperCase(Locale.ROOT),
                data.loadAddress(),
                data.blob().size(),
                List.of(new LogDigest(LogDigest.SHA_256, digest)));
    }
}
