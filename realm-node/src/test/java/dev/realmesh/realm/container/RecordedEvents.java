// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A listener that keeps what it is told.
final class RecordedEvents implements RunEvents {
    private final List<RunEvent> events = new ArrayList<>();

    @Override
    public synchronized void accept(RunEvent event) {
        events.add(event);
        notifyAll();
    }

    synchronized String text(RunEvent.Stream stream) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.Output output && output.stream() == stream) {
                byte[] bytes = new byte[output.bytes().remaining()];
                output.bytes().duplicate().get(bytes);
                text.writeBytes(bytes);
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    synchronized void awaitText(RunEvent.Stream stream, String part) throws InterruptedException {
        while (!text(stream).contains(part)) {
            wait(10_000);
        }
    }
}
