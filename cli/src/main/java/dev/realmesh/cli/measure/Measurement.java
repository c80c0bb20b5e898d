// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.BootOperation.CreateRec;
import dev.realmesh.host.vmm.plan.BootOperation.InitRipas;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.util.Arrays;
import java.util.List;

/// The measurements of a Realm, and how they come about.
///
/// @param algorithm of the measurements
/// @param rim the initial one
/// @param rems the extensible ones once its firmware has started what it was given, REM 0 first
/// @param personalizationValue what the host binds to the Realm
/// @param operations what made the RIM, in order; none if that was not asked for
public record Measurement(
        HashAlgorithm algorithm,
        Digest rim,
        List<Digest> rems,
        RealmPersonalizationValue personalizationValue,
        List<Operation> operations) {
    public Measurement {
        rems = List.copyOf(rems);
        operations = List.copyOf(operations);
    }

    /// A step of building a Realm, and the RIM after it.
    public sealed interface Operation {
        /// The RIM after it.
        Digest rim();
    }

    /// REALM_CREATE.
    record Created(RealmFeatures features, Digest rim) implements Operation {}

    /// RTT_INIT_RIPAS.
    record RamInitialized(long base, long top, Digest rim) implements Operation {}

    /// DATA_CREATE of all pages of something.
    ///
    /// @param name what it is
    /// @param address IPA of its first byte
    /// @param size bytes
    /// @param measured whether its bytes count
    /// @param pages a checksum of each page
    /// @param content all bytes if it is a device tree, else none
    record Loaded(
            String name, long address, long size, boolean measured, PageChecksums pages, Bytes content, Digest rim)
            implements Operation {}

    /// REC_CREATE.
    record RecCreated(long pc, List<Long> registers, Digest rim) implements Operation {
        RecCreated {
            registers = List.copyOf(registers);
        }
    }

    /// The measurements of a planned Realm.
    static Measurement of(PlannedRealm realm) {
        return new Measurement(
                realm.plan().hashAlgorithm(),
                OfflineMeasurement.of(realm.plan()),
                OfflineMeasurement.registers(realm.plan(), realm.extensions()),
                realm.personalizationValue(),
                List.of());
    }

    /// The measurements of a planned Realm, with how they come about.
    static Measurement explained(PlannedRealm realm) {
        List<Operation> operations = OfflineMeasurement.explain(realm.plan()).stream()
                .map(step -> operation(realm, step))
                .toList();
        return new Measurement(
                realm.plan().hashAlgorithm(),
                operations.getLast().rim(),
                OfflineMeasurement.registers(realm.plan(), realm.extensions()),
                realm.personalizationValue(),
                operations);
    }

    private static Operation operation(PlannedRealm realm, OfflineMeasurement.Step step) {
        if (step.operation().isEmpty()) {
            return new Created(realm.plan().features(), step.rim());
        }
        return switch (step.operation().get()) {
            case InitRipas ripas -> new RamInitialized(ripas.base(), ripas.top(), step.rim());
            case LoadData data -> loaded(data, step.rim());
            case CreateRec rec ->
                new RecCreated(
                        rec.pc(),
                        Arrays.stream(rec.registers().toArray()).boxed().toList(),
                        step.rim());
        };
    }

    private static Loaded loaded(LoadData data, Digest rim) {
        boolean deviceTree = data.name().equals(Role.DEVICE_TREE.title());
        return new Loaded(
                data.name(),
                data.loadAddress(),
                data.blob().size(),
                data.measured(),
                data.measured() ? PageChecksums.of(data) : PageChecksums.NONE,
                deviceTree ? Bytes.copyOf(data.blob().toByteArray()) : Bytes.EMPTY,
                rim);
    }
}
