// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import dev.realmesh.proto.host.v1.LayerProgress;
import dev.realmesh.proto.host.v1.RealmLaunched;
import dev.realmesh.proto.host.v1.RunContainerResponse;
import dev.realmesh.proto.host.v1.StepFinished;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Relays the events of a run to who called.
public final class RunOutput {
    private final Caller caller;
    private final Form form;
    private final LayerLines layers;
    private @Nullable String resultId;

    /// What the caller sees.
    public enum Form {
        /// The container's bytes as they are, and nothing else.
        CONTAINER,
        /// The same, and each step as a line on standard error, with what came of each layer.
        PROGRESS,
        /// Each event as a line of JSON on standard output.
        JSON
    }

    public RunOutput(Caller caller, Form form) {
        this.caller = caller;
        this.form = form;
        this.layers = form == Form.PROGRESS ? LayerLines.of(caller) : new LayerLines(caller.err(), false);
    }

    /// Relays all events.
    ///
    /// @return the container's exit code
    /// @throws CommandException if the events end before the container did
    public int relay(Iterator<RunContainerResponse> events) {
        OptionalInt exitCode = OptionalInt.empty();
        while (events.hasNext()) {
            RunContainerResponse event = events.next();
            if (event.hasAttested()) {
                resultId = event.getAttested().getResultId();
            }
            if (event.hasExited()) {
                exitCode = OptionalInt.of(event.getExited().getExitCode());
            }
            show(event);
        }
        return exitCode.orElseThrow(
                () -> new CommandException("the run ended without an exit code (the host went away: is it up?)"));
    }

    /// Name of the stored appraisal; null before the Realm was attested.
    public @Nullable String resultId() {
        return resultId;
    }

    /// Shows a step of the caller's own, with the time that it took.
    public void step(String name, Duration elapsed, String detail) {
        show(RunContainerResponse.newBuilder()
                .setStep(StepFinished.newBuilder()
                        .setStep(name)
                        .setElapsed(Durations.fromNanos(elapsed.toNanos()))
                        .setDetail(detail))
                .build());
    }

    /// Shows a step of a run.
    public void step(StepFinished step) {
        show(RunContainerResponse.newBuilder().setStep(step).build());
    }

    /// Shows a step that the Realm tells itself.
    public void step(dev.realmesh.proto.realm.v1.StepFinished step) {
        step(StepFinished.newBuilder()
                .setStep(step.getStep())
                .setElapsed(step.getElapsed())
                .setDetail(step.getDetail())
                .build());
    }

    /// Shows how far a layer has come.
    public void layer(dev.realmesh.proto.realm.v1.LayerProgress layer) {
        show(RunContainerResponse.newBuilder()
                .setLayer(LayerProgress.newBuilder()
                        .setDigest(layer.getDigest())
                        .setBytes(layer.getBytes())
                        .setSize(layer.getSize()))
                .build());
    }

    /// Shows that the Realm is active.
    public void launched(RealmLaunched launched) {
        show(RunContainerResponse.newBuilder().setLaunched(launched).build());
    }

    private void show(RunContainerResponse event) {
        if (form == Form.JSON) {
            caller.out().println(JsonText.of(event));
            return;
        }
        switch (event.getEventCase()) {
            case LAUNCHED ->
                line("realm " + event.getLaunched().getRealmId() + ", RIM "
                        + hex(event.getLaunched().getRim()));
            case STEP -> line(text(event.getStep()));
            case LAYER -> layer(event.getLayer());
            case STDOUT -> write(event.getStdout(), caller.out());
            case STDERR -> write(event.getStderr(), caller.err());
            case ATTESTED, EXITED -> {}
            case EVENT_NOT_SET -> line("an event that this version does not know");
        }
    }

    private void line(String text) {
        if (form == Form.PROGRESS) {
            layers.passed();
            caller.err().println(text);
        }
    }

    private void layer(LayerProgress layer) {
        if (form == Form.PROGRESS) {
            layers.show(layer);
        }
    }

    private static String text(StepFinished step) {
        double seconds = Durations.toNanos(step.getElapsed()) / 1e9;
        return String.format(Locale.ROOT, "%-9s %7.2f s  %s", step.getStep(), seconds, step.getDetail())
                .stripTrailing();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    /// Passes on what a process wrote, at once.
    public static void write(ByteString bytes, OutputStream stream) {
        try {
            bytes.writeTo(stream);
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
