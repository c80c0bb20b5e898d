// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.realm;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.cca.abi.PhysicalAddress;
import dev.realmesh.cca.abi.RealmFeatures;
import dev.realmesh.cca.abi.RealmParams;
import dev.realmesh.cca.measurement.RealmInitialMeasurement;
import dev.realmesh.host.machine.MecId;
import dev.realmesh.host.machine.RealmMemory;
import dev.realmesh.host.rmm.granule.Granule;
import dev.realmesh.host.rmm.rtt.RealmTranslation;
import java.security.SecureRandom;

/// A Realm: what its descriptor granule (RD) stands for. All but [#state] is used under the lock of that granule, whose
/// count of references is that of the Realm's RECs.
public final class Realm {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int UEID_SIZE = 33;
    private static final byte UEID_RANDOM = 1;

    private final Granule descriptor;
    private final RealmFeatures features;
    private final HashAlgorithm hashAlgorithm;
    private final RealmPersonalizationValue personalizationValue;
    private final Bytes instanceId = newInstanceId();
    private final int vmid;
    private final RealmTranslation translation;
    private final RealmMemory memory;
    private final RealmMeasurements measurements;
    private final ExitCounts exits = new ExitCounts();
    private final byte[] pageBuffer = new byte[PhysicalAddress.GRANULE_SIZE];
    private long nextRecIndex;
    private volatile RealmState state = RealmState.NEW;

    /// A new Realm.
    ///
    /// @param params parameters that REALM_CREATE checked
    public Realm(Granule descriptor, RealmParams params, RealmTranslation translation) {
        this.descriptor = descriptor;
        this.features = params.features();
        this.hashAlgorithm = HashAlgorithm.of(features.hashAlgo()).orElseThrow();
        this.personalizationValue = params.personalizationValue();
        this.vmid = params.vmid();
        this.translation = translation;
        this.measurements = new RealmMeasurements(new RealmInitialMeasurement(features), hashAlgorithm);
        this.memory = translation.memory();
    }

    /// The granule of the descriptor, whose lock guards the Realm.
    public Granule descriptor() {
        return descriptor;
    }

    /// What the Realm was created with.
    public RealmFeatures features() {
        return features;
    }

    /// Algorithm of its measurements.
    public HashAlgorithm hashAlgorithm() {
        return hashAlgorithm;
    }

    /// The RPV.
    public RealmPersonalizationValue personalizationValue() {
        return personalizationValue;
    }

    /// A UEID of 33 bytes, drawn when it was created: this one Realm, and no other with the same measurements.
    public Bytes instanceId() {
        return instanceId;
    }

    /// Tag of its translations.
    public int vmid() {
        return vmid;
    }

    /// Its stage 2.
    public RealmTranslation translation() {
        return translation;
    }

    /// Its memory encryption context.
    public MecId mecId() {
        return translation.mecId();
    }

    /// Memory as its processors see it.
    public RealmMemory memory() {
        return memory;
    }

    /// Its measurements.
    public RealmMeasurements measurements() {
        return measurements;
    }

    /// How often its processors left to the host.
    public ExitCounts exits() {
        return exits;
    }

    /// Room for one page, for the command that holds the lock; its contents do not outlive the command.
    public byte[] pageBuffer() {
        return pageBuffer;
    }

    /// Its state.
    public RealmState state() {
        return state;
    }

    /// From NEW to ACTIVE.
    public void activate() {
        state = RealmState.ACTIVE;
    }

    /// From ACTIVE to SYSTEM_OFF.
    public void turnOff() {
        state = RealmState.SYSTEM_OFF;
    }

    /// Index that the next REC must have.
    public long nextRecIndex() {
        return nextRecIndex;
    }

    /// A REC was created.
    public void addRec() {
        nextRecIndex++;
        descriptor.addReferences(1);
    }

    /// A REC was destroyed.
    public void removeRec() {
        descriptor.addReferences(-1);
    }

    /// Whether it has RECs.
    public boolean hasRecs() {
        return descriptor.references() > 0;
    }

    private static Bytes newInstanceId() {
        byte[] id = new byte[UEID_SIZE];
        RANDOM.nextBytes(id);
        id[0] = UEID_RANDOM;
        return Bytes.copyOf(id);
    }
}
