// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import static dev.realmesh.integration.e2e.MeshFixture.GREETING;
import static dev.realmesh.integration.e2e.MeshFixture.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.BootSource;
import dev.realmesh.integration.hostile.HostileGuest;
import dev.realmesh.integration.hostile.HostileGuestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// A Realm whose guest means ill ends in one clear line, and its host and the Realms beside it go on.
@Timeout(180)
class HostileGuestTest {
    private static final Duration BOOT_TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private static MeshFixture<RunningMesh> mesh;

    @BeforeAll
    static void start() throws Exception {
        List<Path> images = HostileGuestImages.write(MeshFixture.guestImage(), folder);
        List<BootSource> guests = images.stream()
                .map(image -> new BootSource(image, BootMethod.DEFAULT))
                .toList();
        mesh = MeshFixture.start(folder, guests, BOOT_TIMEOUT, RunningMesh::embedded);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        mesh.assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"LINK_NOISE", "UNREAD_ANSWERS", "SILENCE"})
    void endsWithoutTouchingOthers(HostileGuest.Way way) {
        CompletableFuture<Outcome> hostile = run(way);
        assertThat(mesh.run().out()).contains(GREETING);
        hostile.join().failed("Realm ended", HostileGuest.STARTED);
    }

    @Test
    void losesItsLinkWhenThatBreaksTheProtocol() {
        run(HostileGuest.Way.LINK_NOISE).join().failed("link: length: ", "expected: 1-655361");
    }

    @Test
    void isEndedIfItDoesNotComeUp() {
        CompletableFuture<Outcome> busy = run(HostileGuest.Way.UNREAD_ANSWERS);
        CompletableFuture<Outcome> silent = run(HostileGuest.Way.SILENCE);
        assertThat(mesh.run().out()).contains(GREETING);
        busy.join().failed("did not come up within 20 s", HostileGuest.STARTED);
        silent.join().failed("did not come up within 20 s", HostileGuest.STARTED);
    }

    private static CompletableFuture<Outcome> run(HostileGuest.Way way) {
        return CompletableFuture.supplyAsync(
                () -> mesh.realmesh("run", "--guest-image", HostileGuestImages.name(way), IMAGE),
                Thread::startVirtualThread);
    }
}
