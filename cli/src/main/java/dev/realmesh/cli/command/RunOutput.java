// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.StepFinished;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Relays the events of a run to a person: the container's bytes as they are, the steps as lines.
public final class RunOutput {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean progress;
    private @Nullable String resultId;

    public RunOutput(PrintStream out, PrintStream err, boolean progress) {
        this.out = out;
        this.err = err;
        this.progress = progress;
    }

    /// Relays all events.
    ///
    /// @return the container's exit code
    /// @throws CommandException if the events end before the container did
    public int relay(Iterator<RunContainerResponse> events) {
        OptionalInt exitCode = OptionalInt.empty();
        while (events.hasNext()) {
            RunContainerResponse event = events.next();
            switch (event.getEventCase()) {
                case LAUNCHED ->
                    line("realm " + event.getLaunched().getRealmId() + ", RIM "
                            + hex(event.getLaunched().getRim()));
                case STEP -> step(event.getStep());
                case ATTESTED -> resultId = event.getAttested().getResultId();
                case STDOUT -> write(event.getStdout(), out);
                case STDERR -> write(event.getStderr(), err);
                case EXITED -> exitCode = OptionalInt.of(event.getExited().getExitCode());
                case EVENT_NOT_SET -> line("an event that this version does not know");
            }
        }
        return exitCode.orElseThrow(
                () -> new CommandException("the run ended without an exit code (the host went away)"));
    }

    /// Name of the stored appraisal; null before the Realm was attested.
    public @Nullable String resultId() {
        return resultId;
    }

    /// One line of progress, with the time that the step took.
    public void step(String name, java.time.Duration elapsed, String detail) {
        line(String.format(Locale.ROOT, "%-9s %7.2f s  %s", name, elapsed.toNanos() / 1e9, detail)
                .stripTrailing());
    }

    private void step(StepFinished step) {
        Duration elapsed = step.getElapsed();
        step(step.getStep(), java.time.Duration.ofNanos(Durations.toNanos(elapsed)), step.getDetail());
    }

    private void line(String text) {
        if (progress) {
            err.println(text);
        }
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static void write(ByteString bytes, OutputStream stream) {
        try {
            bytes.writeTo(stream);
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
