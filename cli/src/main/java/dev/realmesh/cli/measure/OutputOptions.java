// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is written, and how.
final class OutputOptions {
    @Option(names = "--json", description = "Print JSON: rim, rem, algorithm, rpv.")
    private boolean json;

    @Option(names = "--explain", description = "Also print the operations that make the RIM, and the RIM after each.")
    private boolean explain;

    @Option(
            names = {"-v", "--verbose"},
            description = "The same; may be repeated, as upstream's.")
    private boolean[] verbose = {};

    @Option(names = "--print-b64", description = "Print base64 instead of hexadecimal digits.")
    private boolean base64;

    @Option(names = "--no-measurements", description = "Only check the command line, and write the device tree.")
    private boolean planOnly;

    @Option(
            names = "--output-dtb",
            paramLabel = "FILE",
            description = "Write the device tree that the monitor must be given.")
    @Nullable
    private Path deviceTree;

    @Option(names = "--output-event-log", paramLabel = "FILE", description = "Write the log of events that it loads.")
    @Nullable
    private Path eventLog;

    @Option(
            names = "--endorsements-template",
            paramLabel = "FILE",
            description = "CoMID in the JSON of cocli, to put the measurements into.")
    @Nullable
    private Path endorsementsTemplate;

    @Option(
            names = "--endorsements-output",
            paramLabel = "FILE",
            description = "Write a CoMID in the JSON of cocli instead of printing (see also: realmesh corim make).")
    @Nullable
    private Path endorsements;

    boolean json() {
        return json;
    }

    boolean explain() {
        return explain || verbose.length > 0;
    }

    boolean base64() {
        return base64;
    }

    boolean planOnly() {
        return planOnly;
    }

    @Nullable
    Path deviceTree() {
        return deviceTree;
    }

    @Nullable
    Path eventLog() {
        return eventLog;
    }

    @Nullable
    Path endorsementsTemplate() {
        return endorsementsTemplate;
    }

    @Nullable
    Path endorsements() {
        return endorsements;
    }
}
