// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.audit.AuditChain;
import dev.realmesh.kbs.audit.AuditEntry;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.proto.keybroker.v1.ListAuditEntriesRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads a broker's audit log from its first entry on and checks its chain.
final class AuditCheck {
    private final AuditChain chain = new AuditChain();
    private final Optional<String> kept;
    private final Consumer<AuditEntry> each;
    private boolean keptSeen;

    /// @param kept an earlier end of the log, which it must still go through
    /// @param each who gets each entry once it is checked
    AuditCheck(Optional<String> kept, Consumer<AuditEntry> each) {
        this.kept = kept;
        this.each = each;
        this.keptSeen = kept.filter(head -> !head.equals(chain.head())).isEmpty();
    }

    /// Reads and checks all of it.
    ///
    /// @return how many entries there are
    /// @throws CommandException if the log was changed, or lost its end
    long readAll(ResourceAdminServiceBlockingStub admin) {
        while (true) {
            var page = admin.listAuditEntries(ListAuditEntriesRequest.newBuilder()
                            .setAfter(chain.size())
                            .build())
                    .getEntriesList();
            if (page.isEmpty()) {
                break;
            }
            add(page);
        }
        if (!keptSeen) {
            throw new CommandException("audit log: has no longer the end that was kept, " + kept.orElseThrow()
                    + " (expected: only added to)");
        }
        return chain.size();
    }

    /// The end of the log.
    String head() {
        return chain.head();
    }

    private void add(List<dev.realmesh.proto.keybroker.v1.AuditEntry> page) {
        for (dev.realmesh.proto.keybroker.v1.AuditEntry message : page) {
            AuditEntry entry = entry(message);
            try {
                chain.add(entry, message.getHash().toByteArray());
            } catch (KbsException e) {
                throw new CommandException(String.valueOf(e.getMessage()));
            }
            keptSeen |= kept.filter(chain.head()::equals).isPresent();
            each.accept(entry);
        }
    }

    private static AuditEntry entry(dev.realmesh.proto.keybroker.v1.AuditEntry message) {
        try {
            AuditEvent event = new AuditEvent(
                    message.getActor(),
                    AuditEvent.Action.valueOf(message.getAction()),
                    message.getSubject(),
                    AuditEvent.Outcome.valueOf(message.getOutcome()),
                    message.getDetail());
            return new AuditEntry(message.getSequence(), Instant.ofEpochMilli(message.getTimeMillis()), event);
        } catch (IllegalArgumentException e) {
            throw new CommandException("audit log: entry " + message.getSequence()
                    + ": of an unknown kind (expected: what this version knows)");
        }
    }
}
