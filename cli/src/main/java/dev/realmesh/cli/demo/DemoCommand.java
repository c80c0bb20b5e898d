// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.demo;

import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.cli.mesh.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `realmesh demo`: the main job on a mesh of its own.
@Command(name = "demo", description = "The main job, from nothing: an encrypted image, run in a Realm.")
public final class DemoCommand implements Callable<Integer> {
    private final Caller caller;

    @Option(
            names = "--image",
            paramLabel = "REF",
            description = "Image to encrypt and run: oci:FOLDER[:NAME] or a reference (default: a sample of busybox).")
    private String image = "";

    @Option(
            names = "--keep",
            description = "Keep all state in ./realmesh-demo, with the CCA token, the EAR, the trust anchor and the"
                    + " reference values.")
    private boolean keep;

    @Option(names = "--json", description = "Print each event, and at the end what was attested, as a line of JSON.")
    private boolean json;

    public DemoCommand(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.ofEnvironment();
        home.requireTools();
        Path folder = keep ? kept() : Files.createTempDirectory("realmesh-demo-");
        try {
            RunOutput.Form form = json ? RunOutput.Form.JSON : RunOutput.Form.PROGRESS;
            return new Demo(caller, home, folder, form).run(image, keep);
        } finally {
            if (!keep) {
                delete(folder);
            }
        }
    }

    private static Path kept() throws IOException {
        Path folder = Path.of("realmesh-demo").toAbsolutePath();
        if (Files.exists(folder)) {
            throw new CommandException(folder + ": is there already (remove it, or run elsewhere)");
        }
        return Files.createDirectory(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
