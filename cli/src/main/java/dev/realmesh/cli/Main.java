// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import dev.realmesh.cli.command.AttestationCommand;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.cli.command.ImageCommand;
import dev.realmesh.cli.command.ImagePlaces;
import dev.realmesh.cli.command.PolicyCommand;
import dev.realmesh.cli.command.ResourcePolicyCommand;
import dev.realmesh.cli.command.SecretCommand;
import dev.realmesh.cli.command.TokenCommand;
import dev.realmesh.cli.command.UpCommand;
import dev.realmesh.cli.container.RealmCommand;
import dev.realmesh.cli.container.RunCommand;
import dev.realmesh.cli.corim.CorimCommand;
import dev.realmesh.cli.demo.DemoCommand;
import dev.realmesh.cli.measure.MeasureCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `realmesh`: exit 0 done, 1 refused or failed, 2 wrong use; an error is one line on standard error.
@Command(
        name = "realmesh",
        description = "Confidential Containers on Arm CCA, end to end, on this machine.",
        version = "realmesh 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            RunCommand.class,
            RealmCommand.class,
            ImageCommand.class,
            SecretCommand.class,
            AttestationCommand.class,
            TokenCommand.class,
            MeasureCommand.class,
            CorimCommand.class
        })
@SuppressWarnings("UnusedVariable") // picocli reads the options
public final class Main {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Print this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    private boolean version;

    private Main() {}

    public static void main(String[] args) {
        System.exit(execute(Caller.ofProcess(), args));
    }

    /// Runs one command and returns its exit code.
    public static int execute(Caller caller, String... args) {
        CommandLine commandLine = new CommandLine(new Main(), new Parts(caller))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setUsageHelpWidth(100)
                .setOut(new PrintWriter(caller.out(), true, caller.out().charset()))
                .setErr(new PrintWriter(caller.err(), true, caller.err().charset()))
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler(new Failure(caller));
        // What follows the name of a monitor is that monitor's; what follows a Realm is the words of its new process.
        stopAtPositional(commandLine, "measure", "exec");
        return commandLine.execute(args);
    }

    private static void stopAtPositional(CommandLine commandLine, String... names) {
        commandLine.getSubcommands().forEach((name, command) -> {
            command.setStopAtPositional(List.of(names).contains(name));
            stopAtPositional(command, names);
        });
    }

    private static int wrongUse(CommandLine.ParameterException e, String[] args) {
        return Failure.wrongUse(e, e.getCommandLine());
    }

    /// Makes commands, and the groups of options that they share, for one caller.
    private record Parts(Caller caller) implements CommandLine.IFactory {
        private static final Map<Class<?>, Function<Caller, Object>> CONSTRUCTORS = Map.ofEntries(
                Map.entry(DemoCommand.class, DemoCommand::new),
                Map.entry(UpCommand.class, UpCommand::new),
                Map.entry(RunCommand.class, RunCommand::new),
                Map.entry(RealmCommand.class, RealmCommand::new),
                Map.entry(ImageCommand.class, ImageCommand::new),
                Map.entry(SecretCommand.class, SecretCommand::new),
                Map.entry(ResourcePolicyCommand.class, ResourcePolicyCommand::new),
                Map.entry(AttestationCommand.class, AttestationCommand::new),
                Map.entry(PolicyCommand.class, PolicyCommand::new),
                Map.entry(TokenCommand.class, TokenCommand::new),
                Map.entry(Edge.class, Edge::new),
                Map.entry(ImagePlaces.class, ImagePlaces::new));

        @Override
        public <K> K create(Class<K> part) throws Exception {
            Function<Caller, Object> constructor = CONSTRUCTORS.get(part);
            return constructor == null
                    ? CommandLine.defaultFactory().create(part)
                    : part.cast(constructor.apply(caller));
        }
    }
}
