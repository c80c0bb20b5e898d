// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.machine.guest.firmware;

import dev.realmesh.cca.abi.RealmConfig;
import dev.realmesh.cca.abi.Ripas;
import dev.realmesh.cca.abi.RsiCommand;
import dev.realmesh.cca.abi.RsiStatus;
import dev.realmesh.host.machine.Registers;
import dev.realmesh.host.machine.guest.GuestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The calls of the RSI that firmware makes.
final class RealmServices {
    private static final int PAGE = 4096;
    private static final long REJECTED = 1;

    /// Words of a measurement that a call carries.
    private static final int VALUE_WORDS = 8;

    private final FirmwareCore core;

    RealmServices(FirmwareCore core) {
        this.core = core;
    }

    /// RSI_REALM_CONFIG, by way of `page`.
    RealmConfig config(long page) {
        require(RsiCommand.REALM_CONFIG, core.call(RsiCommand.REALM_CONFIG, page));
        return RealmConfig.decode(core.load(page, PAGE));
    }

    /// RSI_MEASUREMENT_EXTEND of REM `register`, from 0.
    void extend(int register, byte[] value) {
        ByteBuffer words = ByteBuffer.allocate(VALUE_WORDS * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, value);
        long[] arguments = new long[2 + VALUE_WORDS];
        arguments[0] = register + 1L;
        arguments[1] = value.length;
        for (int i = 0; i < VALUE_WORDS; i++) {
            arguments[2 + i] = words.getLong(Long.BYTES * i);
        }
        require(RsiCommand.MEASUREMENT_EXTEND, core.call(RsiCommand.MEASUREMENT_EXTEND, arguments));
    }

    /// RSI_IPA_STATE_SET until all of the range is `ripas`.
    void setState(long base, long top, Ripas ripas) {
        for (long at = base; at < top; ) {
            Registers after = core.call(RsiCommand.IPA_STATE_SET, at, top, ripas.number(), 0);
            require(RsiCommand.IPA_STATE_SET, after);
            if (after.x(1) <= at || after.x(2) == REJECTED) {
                throw new GuestException.BadFirmware(
                        "memory at 0x%x: the host refuses that it becomes %s".formatted(at, ripas));
            }
            at = after.x(1);
        }
    }

    private static void require(RsiCommand command, Registers after) {
        RsiStatus status = RsiStatus.of(after.x(0));
        if (status != RsiStatus.SUCCESS) {
            throw new GuestException.BadFirmware(command + ": " + status + " (expected: SUCCESS)");
        }
    }
}
