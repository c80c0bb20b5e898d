// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.io.FileUtils;

/// Ten Realms at once that run one image of another registry, which image-service does not have yet: what that takes,
/// and
/// how often the image was fetched. Once is the least.
public final class PullBench {
    private static final int REALMS = 10;
    private static final int BYTES = 32 << 20;

    private PullBench() {}

    /// Measures and prints.
    public static void run() throws Exception {
        Path folder = Files.createTempDirectory("pull-bench");
        Path image = folder.resolve("image");
        try (StallingRegistry upstream = new StallingRegistry(image);
                MeshFixture<RunningMesh> mesh = MeshFixture.start(
                        folder, MeshFixture.guestImage(), config -> RunningMesh.embedded(upstream.behind(config)))) {
            SampleWithLayer.write(folder.resolve("plain"), layer(), folder.resolve("large"));
            upstream.encrypt(mesh, folder.resolve("large"));
            mesh.runSample(new Steps());
            long start = System.nanoTime();
            List<CompletableFuture<Outcome>> runs = IntStream.range(0, REALMS)
                    .mapToObj(realm -> CompletableFuture.supplyAsync(
                            () -> mesh.realmesh("run", upstream.image()), Thread::startVirtualThread))
                    .toList();
            runs.forEach(run -> run.join().succeeded());
            print(Steps.since(start), upstream);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static void print(double seconds, StallingRegistry upstream) throws IOException {
        System.out.printf(
                Locale.ROOT, "%n%-20s %10s %14s %10s%n", "Realms, one image", "s", "bytes fetched", "image=1");
        System.out.printf(
                Locale.ROOT,
                "%-20d %10.3f %14d %10.2f%n",
                REALMS,
                seconds,
                upstream.bytes(),
                (double) upstream.bytes() / upstream.imageBytes());
    }

    /// A file that cannot be compressed.
    private static byte[] layer() throws IOException {
        byte[] content = new byte[BYTES];
        new Random(1).nextBytes(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("large");
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}
