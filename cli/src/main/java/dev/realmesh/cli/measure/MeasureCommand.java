// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.measure.MeasurementDifference.Difference;
import dev.realmesh.host.vmm.VirtualMachineMonitor;
import dev.realmesh.host.vmm.plan.BootLog;
import dev.realmesh.host.vmm.plan.PlanException;
import dev.realmesh.host.vmm.plan.PlannedRealm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `realmesh measure`: RIM and REMs offline, with the options of upstream's `realm-measurements`.
@Command(
        name = "measure",
        description = {
            "Measure a Realm without starting it, from the command line of its virtual machine monitor.",
            "With --diff A B, say why two Realms differ: files that --json --explain wrote."
        },
        customSynopsis = {"realmesh measure [OPTION]… kvmtool|qemu|cloud-hv VMM-ARGS…", "realmesh measure --diff A B"})
public final class MeasureCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = "--diff",
            arity = "2",
            paramLabel = "FILE",
            description = "Say what makes the RIMs of two files differ; exit 0 if nothing does, else 1.")
    private List<Path> compared = List.of();

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Measure, and say what makes the RIM differ from that of a file; exit 0 or 1 likewise.")
    @Nullable
    private Path reference;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "VMM",
            description = "The monitor: kvmtool, qemu or cloud-hv.")
    private String monitor = "";

    @Parameters(
            index = "1..*",
            paramLabel = "VMM-ARGS",
            description = "Its own command line; names of files in it are not looked at.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException {
        if (!compared.isEmpty()) {
            return compare(explained(compared.getFirst()), explained(compared.getLast()));
        }
        PlannedRealm realm = plan();
        realm.warnings().forEach(warning -> err().println("realmesh: warning: " + warning));
        writeFiles(realm);
        if (reference != null) {
            return compare(explained(reference), Measurement.explained(realm));
        }
        if (!output.planOnly()) {
            print(realm);
        }
        return 0;
    }

    private PlannedRealm plan() {
        if (monitor.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no monitor (expected: kvmtool, qemu or cloud-hv, then its arguments)");
        }
        try {
            return VirtualMachineMonitor.named(monitor).plan(arguments, host.capabilities(), images.images());
        } catch (PlanException.BadArguments e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void writeFiles(PlannedRealm realm) throws IOException {
        if (output.deviceTree() != null) {
            Files.write(output.deviceTree(), realm.deviceTree().toByteArray());
        }
        if (output.eventLog() != null) {
            byte[] log = realm.plan()
                    .find(BootLog.NAME)
                    .orElseThrow(() -> new CommandException(
                            "no event log (expected: kvmtool's --measurement-log, or measurement-log=on of rme-guest)"))
                    .blob()
                    .toByteArray();
            Files.write(output.eventLog(), log);
        }
    }

    private void print(PlannedRealm realm) throws IOException {
        Measurement measurement = output.explain() ? Measurement.explained(realm) : Measurement.of(realm);
        if (output.endorsements() != null) {
            ComidTemplate.read(output.endorsementsTemplate()).write(measurement, output.endorsements());
        } else if (output.json()) {
            out().println(MeasurementJson.write(measurement));
        } else {
            MeasurementText.table(measurement).forEach(out()::println);
            MeasurementText.lines(measurement, output.base64()).forEach(out()::println);
        }
    }

    private static Measurement explained(Path file) {
        Measurement measurement = MeasurementJson.read(file);
        if (measurement.operations().isEmpty()) {
            throw new CommandException(file + ": no operations (expected: realmesh measure --json --explain)");
        }
        return measurement;
    }

    private int compare(Measurement first, Measurement second) {
        List<Difference> differences = MeasurementDifference.between(first, second);
        boolean same = first.rim().equals(second.rim());
        if (output.json()) {
            out().println(MeasurementJson.write(differences));
        } else if (same) {
            out().println("RIM: the same");
        } else {
            out().println("RIM: " + first.rim().hex());
            out().println("     " + second.rim().hex());
        }
        if (!output.json()) {
            differences.forEach(
                    each -> out().printf("%s%n    %s%n    %s%n", each.where(), each.first(), each.second()));
        }
        return same ? 0 : 1;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
