// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last lines of a guest's console, for the error when it dies; all lines go to the log at debug.
final class ConsoleTail implements Consumer<String> {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleTail.class);
    private static final int LINES = 50;
    private static final int MAX_SHOWN_CHARACTERS = 800;

    private final RealmId realm;
    private final Deque<String> lines = new ArrayDeque<>();

    ConsoleTail(RealmId realm) {
        this.realm = realm;
    }

    @Override
    public void accept(String line) {
        LOG.debug("{}: {}", realm, line);
        synchronized (lines) {
            if (lines.size() == LINES) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
    }

    /// The end of what was printed, on one line.
    String last() {
        String all;
        synchronized (lines) {
            all = String.join(" | ", lines);
        }
        return all.substring(Math.max(0, all.length() - MAX_SHOWN_CHARACTERS));
    }
}
