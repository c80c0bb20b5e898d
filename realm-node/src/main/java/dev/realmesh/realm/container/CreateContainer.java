// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourceUri;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.unpack.UnpackReport;
import dev.realmesh.realm.attest.AttestedSession;
import dev.realmesh.realm.attest.Sessions;
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

/// Makes a container of an image: attest, get the keys, pull, verify, decrypt and unpack, prepare. Blocking; an
/// interrupt
/// ends it wherever it is. Plaintext exists on the Realm's tmpfs only, and is removed with the container.
public final class CreateContainer {
    private final Sessions sessions;
    private final PullImage pull;
    private final PrepareContainer prepare;
    private final Path work;
    private final InstantSource clock;

    /// Makes containers in this Realm.
    ///
    /// @param work a folder on the Realm's tmpfs
    public CreateContainer(
            Sessions sessions, PullImage pull, PrepareContainer prepare, Path work, InstantSource clock) {
        this.sessions = sessions;
        this.pull = pull;
        this.prepare = prepare;
        this.work = work;
        this.clock = clock;
    }

    /// What was made.
    ///
    /// @param folder has all that is the container's own
    record Created(PreparedContainer container, WorkFolder folder) {}

    /// Makes one.
    ///
    /// @throws ContainerException and the exceptions of [dev.realmesh.realm.attest], [dev.realmesh.realm.secret],
    ///     [dev.realmesh.realm.image], [dev.realmesh.realm.rsi] and [dev.realmesh.oci] if there is none
    Created create(RunRequest request, ContainerOptions options, RunEvents events) {
        Reference reference = Reference.parse(request.image());
        List<ResourceUri> decryptionKeys = decryptionKeys(request);
        attest(events);
        WorkFolder folder = WorkFolder.create(work);
        try {
            ResolvedImage image = pull(reference, decryptionKeys, folder.path(), events);
            return new Created(prepare.prepare(image, folder.path(), request, options), folder);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
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
        PullReport report = pull.unpack(
                image,
                keys,
                Bundle.root(folder),
                (layer, bytes) -> events.accept(new RunEvent.LayerProgress(layer.digest(), bytes, layer.size())));
        Duration unpacking = since(report.lastByte());
        finished(
                Step.PULL,
                resolving.plus(Duration.between(start, report.lastByte())),
                image.digest() + ", " + report.storedBytes() + " bytes of layers",
                events);
        finished(Step.UNPACK, unpacking, unpacked(report.unpacked()), events);
        return image;
    }

    private static String unpacked(UnpackReport report) {
        String shortfall = report.shortfall();
        return "decrypted, checked, unpacked: " + report.entries() + " entries, " + report.fileBytes() + " bytes"
                + (shortfall.isEmpty() ? "" : "; not as in the image: " + shortfall);
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
