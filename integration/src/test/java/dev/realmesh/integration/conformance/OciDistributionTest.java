// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The registry against the conformance tests of the OCI distribution specification, if they are on the PATH as
/// `oci-conformance` (`go build -o oci-conformance github.com/opencontainers/distribution-spec/conformance`): pull,
/// push, content discovery and content management of version 1.1.
class OciDistributionTest {
    private static final String PROGRAM = "oci-conformance";

    @TempDir
    private Path folder;

    @Test
    void registryConforms() throws Exception {
        Optional<Path> program = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(each -> Path.of(each, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(program).as(PROGRAM + " is not on the PATH").isPresent();
        try (ImageService images =
                ImageService.open(ImageServiceConfig.local(folder.resolve("store")), InstantSource.system())) {
            ProcessBuilder suite = new ProcessBuilder(program.get().toString())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile());
            suite.environment().put("OCI_REGISTRY", "127.0.0.1:" + images.registryPort());
            suite.environment().put("OCI_TLS", "disabled");
            suite.environment().put("OCI_VERSION", "1.1");
            Process process = suite.start();

            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();

            assertThat(process.exitValue())
                    .as(Files.readString(folder.resolve("output")))
                    .isZero();
        }
    }
}
