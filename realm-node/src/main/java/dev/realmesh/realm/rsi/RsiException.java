// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.rsi;

import dev.realmesh.cca.abi.IntermediatePhysicalAddress;

/// The monitor or the processor did not do what the Realm asked for.
public abstract sealed class RsiException extends RuntimeException {
    private RsiException(String message) {
        super(message);
    }

    private RsiException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The call returned with a status that means it was not done.
    public static final class Refused extends RsiException {
        Refused(String call, String status) {
            super(call + ": " + status + " (expected: SUCCESS)");
        }
    }

    /// The call returned, but with values that it may not have.
    public static final class Malformed extends RsiException {
        Malformed(String call, String problem) {
            super(call + ": " + problem);
        }
    }

    /// The Realm's own access to its memory aborted.
    public static final class Aborted extends RsiException {
        Aborted(IntermediatePhysicalAddress ipa, long esr) {
            super("access to " + ipa + " aborted: ESR 0x" + Long.toHexString(esr) + " (expected: memory of the Realm)");
        }
    }

    /// The processor is gone.
    public static final class Disconnected extends RsiException {
        Disconnected(String what, Throwable cause) {
            super(what + ": " + cause.getMessage(), cause);
        }
    }
}
