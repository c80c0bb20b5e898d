// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.AgentPolicy;
import dev.realmesh.kbs.AgentPolicy.Permission;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.Reference;
import dev.realmesh.realm.attest.AttestedSession;
import dev.realmesh.realm.attest.Sessions;
import dev.realmesh.realm.container.LaunchContainer.ContainerEnd;
import dev.realmesh.realm.container.RunEvent.Step;
import dev.realmesh.realm.image.ImageKeys;
import dev.realmesh.realm.image.PullImage;
import dev.realmesh.realm.image.PullReport;
import dev.realmesh.realm.image.ResolvedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The main flow of a run: attest, get the keys, pull, verify, decrypt and unpack the image, run it. Blocking; an
/// interrupt
/// ends it wherever it is. Plaintext exists on the Realm's tmpfs only, and is removed at the end, however that comes.
public final class RunContainer {
    private final Sessions sessions;
    private final PullImage pull;
    private final LaunchContainer launch;
    private final AgentPolicy policy;
    private final Path work;
    private final InstantSource clock;

    /// Runs containers in this Realm.
    ///
    /// @param policy what the host may ask for, by the Realm's initdata
    /// @param work a folder on the Realm's tmpfs
    public RunContainer(
            Sessions sessions,
            PullImage pull,
            LaunchContainer launch,
            AgentPolicy policy,
            Path work,
            InstantSource clock) {
        this.sessions = sessions;
        this.pull = pull;
        this.launch = launch;
        this.policy = policy;
        this.work = work;
        this.clock = clock;
    }

    /// Runs a container to its end.
    ///
    /// @return its exit code
    /// @throws ContainerException and the exceptions of [dev.realmesh.realm.attest], [dev.realmesh.realm.secret],
    ///     [dev.realmesh.realm.image], [dev.realmesh.realm.rsi] and [dev.realmesh.oci] if it does not run
    public int run(RunRequest request, RunEvents events) {
        checkAllowed(request);
        Reference reference = Reference.parse(request.image());
        List<ResourceUri> decryptionKeys = decryptionKeys(request);
        attest(events);
        try (WorkFolder folder = WorkFolder.create(work)) {
            ResolvedImage image = pull(reference, decryptionKeys, folder.path(), events);
            Instant start = clock.instant();
            ContainerEnd end = launch.launch(image, folder.path(), request, allowed(events));
            finished(Step.RUN, since(start), end.remark(), events);
            return end.exitCode();
        }
    }

    private void attest(RunEvents events) {
        Instant start = clock.instant();
        AttestedSession session = sessions.current();
        finished(Step.ATTEST, since(start), "session " + session.id().text(), events);
        events.accept(new RunEvent.Attested(session.appraised().resultId()));
    }

    private ResolvedImage pull(Reference reference, List<ResourceUri> decryptionKeys, Path folder, RunEvents events) {
        Instant start = clock.instant();
        ResolvedImage image = pull.resolve(reference);
        Duration resolving = since(start);
        start = clock.instant();
        ImageKeys keys = pull.openKeys(image, decryptionKeys);
        finished(Step.KEY, since(start), keys.fetched() + " released", events);
        start = clock.instant();
        PullReport report = pull.unpack(image, keys, Bundle.root(folder));
        Duration unpacking = since(report.lastByte());
        finished(
                Step.PULL,
                resolving.plus(Duration.between(start, report.lastByte())),
                image.digest() + ", " + report.storedBytes() + " bytes of layers",
                events);
        finished(
                Step.UNPACK,
                unpacking,
                "decrypted, checked, unpacked: " + report.entries() + " entries, " + report.fileBytes() + " bytes",
                events);
        return image;
    }

    private void checkAllowed(RunRequest request) {
        require(Permission.COMMAND, "a command of its own", !request.command().isEmpty());
        require(
                Permission.ENVIRONMENT,
                "environment variables",
                !request.environment().isEmpty());
        require(Permission.SECRET_FILES, "secret files", !request.secretFiles().isEmpty());
    }

    private void require(Permission permission, String what, boolean asked) {
        if (asked && !policy.allows(permission)) {
            throw new ContainerException.Forbidden(what, permission);
        }
    }

    private RunEvents allowed(RunEvents events) {
        return policy.allows(Permission.OUTPUT)
                ? events
                : event -> {
                    if (!(event instanceof RunEvent.Output)) {
                        events.accept(event);
                    }
                };
    }

    private static List<ResourceUri> decryptionKeys(RunRequest request) {
        try {
            return request.decryptionKeys().stream().map(ResourceUri::parse).toList();
        } catch (KbsException.Malformed e) {
            throw new ContainerException.BadRequest("decryption_keys: " + e.getMessage());
        }
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    private static void finished(Step step, Duration elapsed, String detail, RunEvents events) {
        events.accept(new RunEvent.StepFinished(step, elapsed, detail));
    }
}
