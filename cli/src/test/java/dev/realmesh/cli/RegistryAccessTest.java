// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli;

import dev.realmesh.image.ImageService;
import dev.realmesh.image.ImageServiceConfig;
import dev.realmesh.testkit.TlsIdentity;
import dev.realmesh.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which registries `realmesh image` believes, and as whom it comes to them.
class RegistryAccessTest {
    private static final String PLAIN = "oci:" + Vectors.path("coco/images/plain-gzip");

    /// Of the password "allmine".
    private static final String ACCOUNT = "me:$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga\n";

    @TempDir
    private static Path folder;

    private static TestMesh mesh;

    @BeforeAll
    static void start() throws IOException {
        mesh = new TestMesh(folder.resolve("state"));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    /// As Docker's file is on a person's machine: the logins are with a program.
    @Test
    void logsInByTheCredentialHelper() throws IOException {
        Path htpasswd = Files.writeString(folder.resolve("htpasswd-helped"), ACCOUNT);
        ImageServiceConfig config = ImageServiceConfig.local(
                folder.resolve("with-helper"), Map.of("registry-accounts", htpasswd.toString()));
        try (ImageService service = ImageService.open(config, InstantSource.system())) {
            String registry = "127.0.0.1:" + service.registryPort();
            Path docker = Files.createDirectories(folder.resolve("helped/.docker"));
            Files.writeString(
                    docker.resolve("config.json"), "{\"auths\":{\"" + registry + "\":{}},\"credsStore\":\"keys\"}");
            Map<String, String> environment =
                    Map.of("DOCKER_CONFIG", docker.toString(), "PATH", docker + ":/usr/bin:/bin");
            String target = registry + "/app:1";
            imageWith(environment, "push", PLAIN, target)
                    .failed("config.json: credential helper keys: not on the PATH", "docker-credential-keys");

            Path program = Files.writeString(
                    docker.resolve("docker-credential-keys"),
                    "#!/bin/sh\n[ \"$1 $(cat)\" = \"get " + registry + "\" ] &&"
                            + " echo '{\"Username\":\"me\",\"Secret\":\"allmine\"}'\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            imageWith(environment, "push", PLAIN, target).done();
            imageWith(environment, "inspect", target).done();
            Files.writeString(program, "#!/bin/sh\necho '{\"Username\":\"me\",\"Secret\":\"wrong\"}'\n");
            imageWith(environment, "inspect", target)
                    .failed("answers 401 to the auth file's login for " + registry
                            + " with the credential helper keys");
        }
    }

    @Test
    void believesTheNamedCertificates() throws Exception {
        TlsIdentity identity = TlsIdentity.make(folder.resolve("registry.p12"));
        Path key = Files.writeString(folder.resolve("registry.key"), identity.privateKey());
        Path certificate = Files.writeString(folder.resolve("registry.pem"), identity.certificate());
        ImageServiceConfig config = ImageServiceConfig.local(
                folder.resolve("with-tls"),
                Map.of("registry-tls.certificate", certificate.toString(), "registry-tls.key", key.toString()));
        try (ImageService service = ImageService.open(config, InstantSource.system())) {
            String registry = "127.0.0.1:" + service.registryPort();
            String url = "https://" + registry;
            image("push", PLAIN, "app:1", "--endpoint", url)
                    .failed("TLS fails, unable to find valid certification path", "name its CA with --ca-file");
            image("push", PLAIN, registry + "/app:1")
                    .failed("http://" + registry, "is not reached", "if it has TLS, name its CA with --ca-file");
            image("push", PLAIN, "app:1", "--endpoint", url, "--ca-file", key.toString())
                    .failed("--ca-file: cannot use " + key + " (expected: certificates in PEM)");

            image("push", PLAIN, "app:1", "--endpoint", url, "--ca-file", certificate.toString())
                    .done();
            image("inspect", registry + "/app:1", "--ca-file", certificate.toString())
                    .done();
            image("inspect", "app:1", "--registry", registry, "--ca-file", certificate.toString())
                    .done();
            imageWith(Map.of("REALMESH_CA_FILE", certificate.toString()), "inspect", registry + "/app:1")
                    .done();
        }
    }

    /// Certificates for one registry are nothing to another whose URL says that it has none.
    @Test
    void certificatesAreNotForARegistryWithoutTls() throws Exception {
        Path certificate = Files.writeString(
                folder.resolve("other.pem"),
                TlsIdentity.make(folder.resolve("other.p12")).certificate());
        String[] asked = {"push", PLAIN, mesh.registry() + "/plain:1", "--ca-file", certificate.toString()};
        image(asked).failed("TLS fails, Unrecognized SSL message", "say --plain-http if it has no TLS");

        String[] told = Arrays.copyOf(asked, asked.length + 2);
        told[asked.length] = "--endpoint";
        told[asked.length + 1] = "http://" + mesh.registry();
        image(told).done();
        told[asked.length] = "--plain-http";
        image(Arrays.copyOf(told, asked.length + 1)).done();
    }

    private static Outcome image(String... arguments) {
        return imageWith(Map.of("REALMESH_STATE", folder.toString()), arguments);
    }

    private static Outcome imageWith(Map<String, String> environment, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "image";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Outcome.of(environment, all);
    }
}
