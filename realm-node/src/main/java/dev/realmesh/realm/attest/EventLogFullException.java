// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

import dev.realmesh.kbs.aael.AaelLog;

/// The event log takes no more: an event that is measured but not logged would make the register mean nothing.
public final class EventLogFullException extends RuntimeException {
    EventLogFullException(int bytes) {
        super("event log: " + bytes + " bytes, and the event does not fit (expected: at most " + AaelLog.MAX_BYTES
                + " in all)");
    }
}
