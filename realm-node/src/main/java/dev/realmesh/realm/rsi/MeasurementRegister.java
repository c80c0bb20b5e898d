// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rsi;

/// The measurements of a Realm, as RSI_MEASUREMENT_READ and RSI_MEASUREMENT_EXTEND number them.
public enum MeasurementRegister {
    /// Realm Initial Measurement, fixed at activation.
    RIM(0),
    /// REM\[0]: what the firmware started, where the Realm has one.
    REM0(1),
    /// REM\[1]: not used by this program.
    REM1(2),
    /// REM\[2]: the events that [dev.realmesh.realm.attest.EventLog] holds, in order.
    REM2(3),
    /// REM\[3]: the containers that this Realm started, in order; each extends it with its image's manifest digest.
    REM3(4);

    private final int index;

    MeasurementRegister(int index) {
        this.index = index;
    }

    /// The number; also the one that an event log names the register by.
    public int index() {
        return index;
    }
}
