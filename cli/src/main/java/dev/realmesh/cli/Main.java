// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import dev.realmesh.cli.command.AttestationCommand;
import dev.realmesh.cli.command.ImageCommand;
import dev.realmesh.cli.command.RealmCommand;
import dev.realmesh.cli.command.RunCommand;
import dev.realmesh.cli.command.SecretCommand;
import dev.realmesh.cli.command.TokenCommand;
import dev.realmesh.cli.command.UpCommand;
import dev.realmesh.cli.corim.CorimCommand;
import dev.realmesh.cli.demo.DemoCommand;
import dev.realmesh.cli.measure.MeasureCommand;
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
        System.exit(execute(args));
    }

    /// Runs one command and returns its exit code.
    public static int execute(String... args) {
        return commandLine().execute(args);
    }

    /// The whole command line, for whoever wants to hear what it prints.
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler(Main::failed);
        // What follows the name of a monitor is that monitor's.
        commandLine.getSubcommands().values().stream()
                .filter(each -> each.getCommand() instanceof MeasureCommand)
                .forEach(each -> each.setStopAtPositional(true));
        return commandLine;
    }

    private static int wrongUse(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("realmesh: " + oneLine(e) + " (see: "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return 2;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("realmesh: " + oneLine(e));
        if (System.getenv("REALMESH_DEBUG") != null) {
            e.printStackTrace(command.getErr());
        }
        return 1;
    }

    private static String oneLine(Exception e) {
        String message = e.getMessage();
        return (message == null || message.isBlank() ? e.getClass().getSimpleName() : message)
                .replace('\n', ' ')
                .strip();
    }
}
