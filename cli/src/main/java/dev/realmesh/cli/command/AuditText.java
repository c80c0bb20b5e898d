// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.kbs.audit.AuditEntry;
import dev.realmesh.kbs.audit.AuditEvent;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Prints entries of an audit log, for people or as JSON.
final class AuditText {
    private final PrintStream out;
    private final boolean json;

    AuditText(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void print(AuditEntry entry) {
        AuditEvent event = entry.event();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("sequence", entry.sequence());
            line.put("time", entry.time().toString());
            line.put("actor", event.actor());
            line.put("action", lower(event.action()));
            line.put("subject", event.subject());
            line.put("outcome", lower(event.outcome()));
            line.put("detail", event.detail());
            out.println(JsonText.of(line));
        } else {
            out.println(String.format(
                            Locale.ROOT,
                            "%6d  %s  %-10s %-7s %s  %s  %s",
                            entry.sequence(),
                            entry.time(),
                            lower(event.action()),
                            lower(event.outcome()),
                            event.actor(),
                            event.subject(),
                            event.detail())
                    .stripTrailing());
        }
    }

    /// What was found of the whole.
    void end(AuditCheck check) {
        if (!json) {
            out.println("whole: " + check.head());
        }
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
