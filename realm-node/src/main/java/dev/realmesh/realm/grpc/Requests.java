// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.StopContainerRequest;
import dev.realmesh.realm.container.AfterEnd;
import dev.realmesh.realm.container.Capabilities;
import dev.realmesh.realm.container.Confinement;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.container.ContainerOptions;
import dev.realmesh.realm.container.ExecRequest;
import dev.realmesh.realm.container.ProcessChanges;
import dev.realmesh.realm.container.ResourceLimit;
import dev.realmesh.realm.container.RestartPolicy;
import dev.realmesh.realm.container.RootFiles;
import dev.realmesh.realm.container.RunRequest;
import dev.realmesh.realm.container.SecretFile;
import dev.realmesh.realm.container.Streams;
import dev.realmesh.realm.container.TemporaryFolder;
import dev.realmesh.realm.terminal.TerminalSize;
import java.time.Duration;
import java.util.Optional;

/// Requests as the domain has them.
final class Requests {
    private static final Duration USUAL_GRACE = Duration.ofSeconds(10);
    private static final Duration LONGEST_GRACE = Duration.ofHours(1);

    private Requests() {}

    static RunRequest run(RunContainerRequest request) {
        return new RunRequest(
                request.getImage(),
                request.getCommandList(),
                request.getEnvironmentList(),
                request.getDecryptionKeysList(),
                request.getSecretFilesList().stream()
                        .map(file -> new SecretFile(file.getPath(), file.getSealed()))
                        .toList());
    }

    static ContainerOptions options(CreateContainerRequest request) {
        return new ContainerOptions(
                request.getName(),
                new Streams(
                        request.getStdin(),
                        request.hasTerminal() ? Optional.of(size(request.getTerminal())) : Optional.empty()),
                restart(request.getRestart()),
                new RootFiles(
                        request.getReadOnlyRoot(),
                        request.getTemporaryFoldersList().stream()
                                .map(Requests::folder)
                                .toList()),
                changes(request.getChanges()),
                request.getInit(),
                afterEnd(request.getAfterEnd()));
    }

    static ExecRequest exec(ExecStart request) {
        return new ExecRequest(
                request.getCommandList(),
                request.getEnvironmentList(),
                request.getWorkingDirectory(),
                request.getUser(),
                new Streams(
                        request.getStdin(),
                        request.hasTerminal() ? Optional.of(size(request.getTerminal())) : Optional.empty()));
    }

    static TerminalSize size(dev.realmesh.proto.realm.v1.TerminalSize size) {
        try {
            return new TerminalSize(size.getRows(), size.getColumns());
        } catch (IllegalArgumentException e) {
            throw new ContainerException.BadRequest(String.valueOf(e.getMessage()));
        }
    }

    static Duration grace(StopContainerRequest request) {
        Duration grace = request.hasGrace()
                ? Duration.ofSeconds(
                        request.getGrace().getSeconds(), request.getGrace().getNanos())
                : USUAL_GRACE;
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new ContainerException.BadRequest(
                    "grace: " + grace.toSeconds() + " s (expected: 0 to " + LONGEST_GRACE.toSeconds() + " s)");
        }
        return grace;
    }

    private static TemporaryFolder folder(dev.realmesh.proto.realm.v1.TemporaryFolder folder) {
        return new TemporaryFolder(
                folder.getPath(),
                folder.getBytes() == 0 ? TemporaryFolder.USUAL_BYTES : folder.getBytes(),
                folder.getMode() == 0 ? TemporaryFolder.USUAL_MODE : folder.getMode());
    }

    private static ProcessChanges changes(dev.realmesh.proto.realm.v1.ProcessChanges changes) {
        return new ProcessChanges(
                changes.getUser(),
                changes.getWorkingDirectory(),
                changes.getEntrypointList(),
                new Confinement(
                        Capabilities.of(changes.getDropCapabilitiesList(), changes.getAddCapabilitiesList()),
                        changes.getLimitsList().stream()
                                .map(limit -> new ResourceLimit(limit.getName(), limit.getSoft(), limit.getHard()))
                                .toList()));
    }

    private static AfterEnd afterEnd(dev.realmesh.proto.realm.v1.AfterEnd wanted) {
        return switch (wanted) {
            case AFTER_END_UNSPECIFIED -> AfterEnd.STAY;
            case AFTER_END_REMOVE -> AfterEnd.REMOVE;
            case AFTER_END_POWER_OFF -> AfterEnd.POWER_OFF;
            case UNRECOGNIZED -> throw new ContainerException.BadRequest("after_end: of no kind");
        };
    }

    private static RestartPolicy restart(dev.realmesh.proto.realm.v1.RestartPolicy policy) {
        RestartPolicy.When when = switch (policy.getWhen()) {
            case RESTART_WHEN_UNSPECIFIED -> RestartPolicy.When.NEVER;
            case RESTART_WHEN_ON_FAILURE -> RestartPolicy.When.ON_FAILURE;
            case RESTART_WHEN_ALWAYS -> RestartPolicy.When.ALWAYS;
            case UNRECOGNIZED -> throw new ContainerException.BadRequest("restart: of no kind");
        };
        return new RestartPolicy(when, policy.getMostRestarts());
    }
}
