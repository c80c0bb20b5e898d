// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.cca.measurement.RealmExtensibleMeasurement;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.realm.RealmMeasurements;
import dev.realmesh.host.rmm.rec.Rec;
import java.util.Arrays;

/// RSI_MEASUREMENT_EXTEND: extends a REM by up to 64 bytes from x3 on.
final class MeasurementExtend implements RealmCall {
    private static final int FIRST_REGISTER = 3;

    @Override
    public Outcome call(Rec rec, Registers registers) {
        long slot = registers.x(1);
        long size = registers.x(2);
        boolean extensible = slot >= 1 && slot < RealmMeasurements.SLOTS;
        if (!extensible || size < 0 || size > RealmExtensibleMeasurement.MAX_EXTENSION) {
            return Outcome.of(RsiStatus.ERROR_INPUT);
        }
        byte[] words = registers.bytes(FIRST_REGISTER, RealmExtensibleMeasurement.MAX_EXTENSION);
        rec.realm().measurements().extend((int) slot, Arrays.copyOf(words, (int) size));
        return Outcome.of(RsiStatus.SUCCESS);
    }
}
