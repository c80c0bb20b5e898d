// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.rmm.rsi;

import dev.realmesh.cca.abi.GeneralRegisters;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.rmm.realm.RealmMeasurements;
import dev.realmesh.host.rmm.rec.Rec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// RSI_MEASUREMENT_READ: the RIM (0) or a REM (1 to 4), 64 bytes in eight registers.
final class MeasurementRead implements RealmCall {
    private static final int REGISTERS = 8;

    @Override
    public Outcome call(Rec rec, Registers registers) {
        long slot = registers.x(1);
        if (slot < 0 || slot >= RealmMeasurements.SLOTS) {
            return Outcome.of(RsiStatus.ERROR_INPUT);
        }
        byte[] value = rec.realm().measurements().read((int) slot).padded(REGISTERS * Long.BYTES);
        GeneralRegisters words =
                GeneralRegisters.read(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN), 0, REGISTERS);
        return Outcome.of(RsiStatus.SUCCESS, words.toArray());
    }
}
