// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.cli.demo.SampleImage;
import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageConfig;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.crypt.KeySource;
import dev.realmesh.oci.crypt.LayerDecryption;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.oci.unpack.UnpackImage;
import dev.realmesh.oci.unpack.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;

/// A run of a small encrypted image on a warm mesh, by step and in all, against the same image run by `crun` with no
/// Realm around it, which says what the Realm costs; less is better.
public final class RunBench {
    private static final int WARMUPS = 3;
    private static final int RUNS = 9;

    /// Hides the control groups, whose mixed layout crun does not take.
    private static final String CRUN = "mount -t tmpfs none /sys/fs/cgroup && cd \"$0\" && "
            + "exec crun --root state --cgroup-manager=disabled run -b . run-bench";

    private final Path folder;
    private final Steps steps = new Steps();

    private RunBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    public static void run() throws Exception {
        Path folder = Files.createTempDirectory("run-bench");
        try {
            new RunBench(folder).compare();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void compare() throws Exception {
        try (MeshFixture<RunningMesh> mesh =
                MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded)) {
            for (int i = 0; i < WARMUPS; i++) {
                mesh.runSample(new Steps());
            }
            for (int i = 0; i < RUNS; i++) {
                long start = System.nanoTime();
                mesh.runSample(steps);
                steps.add("in all", Steps.since(start));
            }
        }
        System.out.printf(Locale.ROOT, "%n%-10s %10s%n", "run", "s, median");
        steps.names().forEach(step -> System.out.printf(Locale.ROOT, "%-10s %10.3f%n", step, steps.median(step)));
        double crun = crun();
        System.out.printf(
                Locale.ROOT,
                "%-10s %10.3f   a Realm costs %.1f times that%n",
                "crun",
                crun,
                steps.median("in all") / crun);
    }

    /// Seconds of `crun run` with what the sample image holds.
    private double crun() throws IOException, InterruptedException {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        unpack(bundle.resolve("rootfs"));
        call("crun", "spec", "-b", bundle.toString());
        Path spec = bundle.resolve("config.json");
        Files.writeString(
                spec,
                Files.readString(spec)
                        .replace("\"terminal\": true", "\"terminal\": false")
                        .replace("\"sh\"", "\"sleep\", \"0\""));
        Steps runs = new Steps();
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            call("unshare", "--mount", "--propagation", "private", "sh", "-c", CRUN, bundle.toString());
            runs.add("crun", Steps.since(start));
        }
        return runs.median("crun");
    }

    private void unpack(Path rootfs) throws IOException {
        Path plain = folder.resolve("sample");
        SampleImage.write(OciLayoutWriter.open(plain, "1"));
        OciLayout layout = OciLayout.open(plain);
        Manifest manifest = Manifest.parse(read(layout, layout.image("1")));
        new UnpackImage(layout, new LayerDecryption(KeySource.of(List.of())), UnpackLimits.defaults())
                .unpack(manifest, ImageConfig.parse(read(layout, manifest.config())), rootfs);
    }

    private static byte[] read(BlobSource blobs, Descriptor blob) throws IOException {
        try (InputStream content = blobs.open(blob)) {
            return content.readAllBytes();
        }
    }

    private static void call(String... words) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (exitCode != 0) {
            throw new IOException(String.join(" ", words) + ": exit code " + exitCode + " (expected: 0)");
        }
    }
}
