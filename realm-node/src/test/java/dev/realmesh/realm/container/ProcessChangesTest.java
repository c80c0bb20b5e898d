// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.ImageConfig.RunDefaults;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a request may change what an image says of its process.
class ProcessChangesTest {
    private static final RunDefaults IMAGE =
            ImageConfig.parse("""
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{"User":"web",
             "Entrypoint":["/tool"],"Cmd":["--serve"],"WorkingDir":"/srv","StopSignal":"SIGINT"}}
            """.getBytes(StandardCharsets.UTF_8)).runDefaults();

    private static final ContainerUser ROOT = new ContainerUser(0, 0, List.of(), "/root", true, false);
    private static final ContainerUser WEB = new ContainerUser(101, 101, List.of(), "/srv", false, false);

    @Test
    void changesNothingThatItDoesNotName() {
        assertThat(ProcessChanges.NONE.of(IMAGE)).isEqualTo(IMAGE);
    }

    @Test
    void replacesUserFolderAndEntrypointWithItsCommand() {
        RunDefaults changed =
                new ProcessChanges("0:5", "/tmp", List.of("/bin/sh", "-c"), Confinement.DEFAULT).of(IMAGE);

        assertThat(changed.user()).isEqualTo("0:5");
        assertThat(changed.workingDirectory()).isEqualTo("/tmp");
        assertThat(changed.entrypoint()).containsExactly("/bin/sh", "-c");
        assertThat(changed.command()).isEmpty();
        assertThat(changed.stopSignal()).isEqualTo("SIGINT");
    }

    @Test
    void oneEmptyWordIsNoEntrypoint() {
        RunDefaults changed = new ProcessChanges("", "", List.of(""), Confinement.DEFAULT).of(IMAGE);
        assertThat(changed.entrypoint()).isEmpty();
        assertThat(changed.command()).isEmpty();
    }

    @Test
    void refusesWhatIsMalformed() {
        refused(() -> new ProcessChanges("x".repeat(257), "", List.of(), Confinement.DEFAULT), "user: 257 characters");
        refused(() -> new ProcessChanges("", "srv", List.of(), Confinement.DEFAULT), "working_directory: relative");
        refused(() -> new ProcessChanges("", "", List.of("a\0"), Confinement.DEFAULT), "entrypoint: a word with a NUL");
        refused(() -> new ResourceLimit("files", 1, 1), "such as nofile");
        refused(() -> new ResourceLimit("nofile", 2, 1), "nofile=2:1");
        refused(() -> new ResourceLimit("nofile", -1, 1), "nofile=-1:1");
        ResourceLimit limit = new ResourceLimit("nofile", 1, 1);
        refused(() -> new Confinement(Capabilities.DEFAULT, List.of(limit, limit)), "nofile twice");
        TemporaryFolder folder = new TemporaryFolder("/run", 1, 0);
        refused(() -> new RootFiles(false, Collections.nCopies(65, folder)), "65 (expected: at most 64)");
        refused(() -> new TemporaryFolder("/run", 0, 0), "0 bytes");
        refused(() -> new TemporaryFolder("/run", 1, 010000), "mode 10000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run", "/", "/run/", "/a/../b", "/./a", "//a", "/a\n", "/proc", "/dev/x", "/sys/fs"})
    void refusesFolderElsewhere(String path) {
        refused(() -> new TemporaryFolder(path, 1, 0), "temporary_folders");
    }

    @Test
    void capabilitiesAreTakenAndLeft() {
        assertThat(Capabilities.of(List.of(), List.of())).isEqualTo(Capabilities.DEFAULT);
        assertThat(Capabilities.of(List.of("ALL"), List.of()).kept()).isEmpty();
        assertThat(Capabilities.of(List.of("all"), List.of("chown", "CAP_KILL")).kept())
                .isEqualTo(Set.of("CAP_CHOWN", "CAP_KILL"));
        assertThat(Capabilities.of(List.of("Chown"), List.of()).of(ROOT))
                .hasSize(13)
                .doesNotContain("CAP_CHOWN");
        assertThat(Capabilities.DEFAULT.of(WEB)).isEmpty();
    }

    @Test
    void noRequestGivesMoreCapabilities() {
        refused(() -> Capabilities.of(List.of(), List.of("SYS_ADMIN")), "add_capabilities");
        refused(() -> Capabilities.of(List.of("SYS_ADMIN"), List.of()), "drop_capabilities");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable made, String why) {
        assertThatThrownBy(made)
                .isInstanceOf(ContainerException.BadRequest.class)
                .hasMessageContaining(why);
    }
}
