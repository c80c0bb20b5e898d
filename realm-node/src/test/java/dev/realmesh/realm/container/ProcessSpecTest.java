// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.oci.ImageConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The first process of a container, out of image and request, and how `config.json` says it.
class ProcessSpecTest {
    private static final ContainerUser ROOT = new ContainerUser(0, 0, List.of(), "/root", true, false);
    private static final ContainerUser WEB = new ContainerUser(101, 102, List.of(200), "/srv", false, false);

    @Test
    void commandReplacesCmdAndKeepsEntrypoint() {
        ImageConfig.RunDefaults image = image("\"Entrypoint\":[\"/tool\"],\"Cmd\":[\"--serve\"]");

        assertThat(ProcessSpec.of(image, request(), ROOT, Confinement.DEFAULT).arguments())
                .containsExactly("/tool", "--serve");
        assertThat(ProcessSpec.of(image, request("a", "b"), ROOT, Confinement.DEFAULT)
                        .arguments())
                .containsExactly("/tool", "a", "b");
    }

    @Test
    void refusesImageWithoutProgram() {
        assertThatThrownBy(() -> ProcessSpec.of(image(""), request(), ROOT, Confinement.DEFAULT))
                .isInstanceOf(ContainerException.NotRunnable.class);
        assertThat(ProcessSpec.of(image(""), request("/bin/x"), ROOT, Confinement.DEFAULT)
                        .arguments())
                .containsExactly("/bin/x");
    }

    @Test
    void requestsVariablesReplaceTheImagesAndDefaults() {
        ImageConfig.RunDefaults image = image("\"Cmd\":[\"x\"],\"Env\":[\"PATH=/opt\",\"A=1\",\"B=2\"]");
        RunRequest request = new RunRequest("image", List.of(), List.of("B=3=4", "C="), List.of(), List.of());

        assertThat(ProcessSpec.of(image, request, WEB, Confinement.DEFAULT).environment())
                .containsExactlyInAnyOrder("PATH=/opt", "HOME=/srv", "A=1", "B=3=4", "C=");
    }

    @Test
    void runsAtTheRootUnlessTheImageSaysElse() {
        assertThat(ProcessSpec.of(image("\"Cmd\":[\"x\"]"), request(), ROOT, Confinement.DEFAULT)
                        .workingDirectory())
                .isEqualTo("/");
        assertThat(ProcessSpec.of(image("\"Cmd\":[\"x\"],\"WorkingDir\":\"opt\""), request(), ROOT, Confinement.DEFAULT)
                        .workingDirectory())
                .isEqualTo("/opt");
    }

    @Test
    void givesCapabilitiesToThePrivilegedOnly() {
        assertThat(config(ROOT).at("/process/capabilities/bounding").size()).isEqualTo(14);
        assertThat(config(ROOT).at("/process/capabilities/ambient").size()).isZero();
        for (String set : List.of("bounding", "effective", "permitted", "inheritable", "ambient")) {
            assertThat(config(WEB).at("/process/capabilities/" + set).isEmpty()).isTrue();
        }
        assertThat(config(WEB).at("/process/user").toString())
                .isEqualTo("{\"uid\":101,\"gid\":102,\"additionalGids\":[200]}");
        assertThat(config(ROOT).at("/process/noNewPrivileges").booleanValue()).isTrue();
    }

    @Test
    void asksForNothingThatTheSandboxCannotGive() {
        String config = config(ROOT).toString();

        assertThat(config).doesNotContain("\"gid=").doesNotContain("/sys/fs").doesNotContain("sysfs");
        assertThat(config(ROOT).at("/linux/namespaces").toString())
                .isEqualTo("[{\"type\":\"pid\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"mount\"},"
                        + "{\"type\":\"network\"}]");
    }

    private static JsonNode config(ContainerUser user) {
        ProcessSpec process = ProcessSpec.of(image("\"Cmd\":[\"x\"]"), request(), user, Confinement.DEFAULT);
        return new JsonMapper()
                .readTree(new BundleConfig(BundleConfig.Network.OF_ITS_OWN, new Init(Path.of("/usr/bin/catatonit")))
                        .write(process, "c1", List.of(), ContainerOptions.NONE));
    }

    private static RunRequest request(String... command) {
        return new RunRequest("image", List.of(command), List.of(), List.of(), List.of());
    }

    private static ImageConfig.RunDefaults image(String config) {
        String json = "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{" + config
                + "},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
        return ImageConfig.parse(json.getBytes(StandardCharsets.UTF_8)).runDefaults();
    }
}
