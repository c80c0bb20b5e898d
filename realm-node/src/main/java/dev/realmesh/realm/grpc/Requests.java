// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.CreateContainerRequest;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.RunContainerRequest;
import dev.realmesh.proto.realm.v1.StopContainerRequest;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.container.ContainerOptions;
import dev.realmesh.realm.container.ExecRequest;
import dev.realmesh.realm.container.RestartPolicy;
import dev.realmesh.realm.container.RunRequest;
import dev.realmesh.realm.container.SecretFile;
import dev.realmesh.realm.container.Streams;
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
                request.getReadOnlyRoot());
    }

    static ExecRequest exec(ExecStart request) {
        return new ExecRequest(
                request.getCommandList(),
                request.getEnvironmentList(),
                request.getWorkingDirectory(),
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
