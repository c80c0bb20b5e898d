// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import picocli.CommandLine.Option;

/// The options of `realm logs`.
final class LogOptions {
    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what it writes, until it has ended.")
    private boolean follow;

    @Option(names = "--timestamps", description = "Print before each piece when it was written.")
    private boolean timestamps;

    boolean follow() {
        return follow;
    }

    boolean timestamps() {
        return timestamps;
    }
}
