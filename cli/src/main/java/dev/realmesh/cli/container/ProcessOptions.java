// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import dev.realmesh.cli.command.CommandException;
import dev.realmesh.proto.realm.v1.ProcessChanges;
import dev.realmesh.proto.realm.v1.ResourceLimit;
import dev.realmesh.proto.realm.v1.TemporaryFolder;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `run` that change how an image's process runs.
final class ProcessOptions {
    private static final Pattern LIMIT = Pattern.compile("([a-z]+)=([0-9]{1,18})(?::([0-9]{1,18}))?");
    private static final Pattern SIZE = Pattern.compile("size=([0-9]{1,9})([kmg]?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern MODE = Pattern.compile("mode=([0-7]{1,4})");
    private static final List<String> UNITS = List.of("", "k", "m", "g");
    private static final int BITS_OF_A_UNIT = 10;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER[:GROUP]",
            description = "Run as this user, not as the image's.")
    private String user = "";

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "Folder that it starts in (default: the image's).")
    private String workingDirectory = "";

    @Option(names = "--entrypoint", paramLabel = "PROGRAM", description = "Instead of the image's; empty for none.")
    private @Nullable String entrypoint;

    @Option(names = "--cap-drop", paramLabel = "CAP", description = "Take a capability from the container, or ALL.")
    private List<String> dropped = List.of();

    @Option(names = "--cap-add", paramLabel = "CAP", description = "Leave it one of those that were dropped.")
    private List<String> added = List.of();

    @Option(
            names = "--ulimit",
            paramLabel = "NAME=SOFT[:HARD]",
            description = "Limit of each of its processes, such as nofile=1024.")
    private List<String> limits = List.of();

    @Option(
            names = "--tmpfs",
            paramLabel = "PATH[:size=N[k|m|g]][,mode=M]",
            description = "Empty folder in memory (default: size=64m,mode=1777).")
    private List<String> folders = List.of();

    boolean said() {
        return !changes().equals(ProcessChanges.getDefaultInstance()) || !folders.isEmpty();
    }

    ProcessChanges changes() {
        ProcessChanges.Builder changes = ProcessChanges.newBuilder()
                .setUser(user)
                .setWorkingDirectory(workingDirectory)
                .addAllDropCapabilities(dropped)
                .addAllAddCapabilities(added);
        if (entrypoint != null) {
            changes.addEntrypoint(entrypoint);
        }
        limits.forEach(limit -> changes.addLimits(limit(limit)));
        return changes.build();
    }

    List<TemporaryFolder> folders() {
        return folders.stream().map(ProcessOptions::folder).toList();
    }

    private static ResourceLimit limit(String text) {
        Matcher limit = LIMIT.matcher(text);
        if (!limit.matches()) {
            throw new CommandException.WrongUse("--ulimit: " + text + " (expected: NAME=SOFT or NAME=SOFT:HARD)");
        }
        long soft = Long.parseLong(limit.group(2));
        return ResourceLimit.newBuilder()
                .setName(limit.group(1))
                .setSoft(soft)
                .setHard(limit.group(3) == null ? soft : Long.parseLong(limit.group(3)))
                .build();
    }

    private static TemporaryFolder folder(String text) {
        int colon = text.indexOf(':');
        TemporaryFolder.Builder folder =
                TemporaryFolder.newBuilder().setPath(colon < 0 ? text : text.substring(0, colon));
        if (colon >= 0) {
            for (String option : text.substring(colon + 1).split(",", -1)) {
                set(folder, option, text);
            }
        }
        return folder.build();
    }

    private static void set(TemporaryFolder.Builder folder, String option, String text) {
        Matcher size = SIZE.matcher(option);
        Matcher mode = MODE.matcher(option);
        if (size.matches()) {
            int unit = UNITS.indexOf(size.group(2).toLowerCase(Locale.ROOT));
            folder.setBytes(Long.parseLong(size.group(1)) << (unit * BITS_OF_A_UNIT));
        } else if (mode.matches()) {
            folder.setMode(Integer.parseInt(mode.group(1), 8));
        } else {
            throw new CommandException.WrongUse(
                    "--tmpfs: " + text + " (expected: PATH, PATH:size=64m or PATH:mode=1777)");
        }
    }
}
