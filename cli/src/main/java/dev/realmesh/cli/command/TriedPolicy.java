// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The policy to try, of whichever service.
final class TriedPolicy {
    @Option(names = "--policy", paramLabel = "POLICY", description = "A stored policy.")
    String id = "";

    @Option(names = "--file", paramLabel = "FILE", description = "A policy that is not stored.")
    @Nullable
    Path file;
}
