// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.cca.abi.RmiStatus;

/// Why a Realm could not be built or run. The message is one line for the person who asked for it.
public abstract sealed class VmmException extends RuntimeException {
    private VmmException(String message) {
        super(message);
    }

    /// The guest image is incomplete.
    public static final class BadImage extends VmmException {
        BadImage(String what) {
            super("guest image: " + what);
        }
    }

    /// The host has no memory left for a Realm.
    public static final class OutOfGranules extends VmmException {
        OutOfGranules(int granules) {
            super("granules: none free of %d (expected: fewer Realms at once, smaller ones, or more memory for them)"
                    .formatted(granules));
        }
    }

    /// The RMM cannot do what the plan asks for.
    public static final class NotOffered extends VmmException {
        NotOffered(String what) {
            super("RMM: " + what);
        }
    }

    /// The RMM refused a command that a correct host would not have given, or that its state does not allow.
    public static final class Refused extends VmmException {
        Refused(RmiCommand command, RmiStatus status) {
            super("%s: %s (expected: SUCCESS)".formatted(command, status));
        }
    }

    /// The Realm did what ends it.
    public static final class RealmFault extends VmmException {
        RealmFault(String what) {
            super("Realm: " + what);
        }
    }
}
