// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.cca.Bytes;
import dev.realmesh.kbs.aael.AaelEvent;
import dev.realmesh.realm.attest.EventLog;
import dev.realmesh.realm.image.ResolvedImage;
import dev.realmesh.realm.rsi.MeasurementRegister;
import dev.realmesh.realm.rsi.RsiClient;

/// Measures what is about to run, twice: the event log gets the pull, as upstream's data hub writes it, and REM\[3] is
/// extended with the digest of the image's manifest, so evidence that is made later tells every image that this Realm
/// has
/// run, in order, to verifiers that read no logs too.
public final class MeasureContainer {
    private final RsiClient rsi;
    private final EventLog events;

    public MeasureContainer(RsiClient rsi, EventLog events) {
        this.rsi = rsi;
        this.events = events;
    }

    void measure(ResolvedImage image) {
        events.measure(
                AaelEvent.pullImage(image.reference().toString(), image.digest().toString()));
        // REM 0 is firmware's: what it started must stay comparable after a container ran.
        rsi.extendMeasurement(
                MeasurementRegister.REM3, Bytes.ofHex(image.digest().hex()));
    }
}
