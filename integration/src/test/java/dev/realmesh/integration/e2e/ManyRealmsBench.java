// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.FileUtils;

/// Ten Realms at once on a warm mesh, from the first call until all have run their container, beside one; less is
/// better. Ten times one is what they would take one after the other.
public final class ManyRealmsBench {
    private static final int REALMS = 10;
    private static final int WARMUPS = 3;
    private static final int RUNS = 5;

    private ManyRealmsBench() {}

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    public static void run() throws Exception {
        Path folder = Files.createTempDirectory("realms-bench");
        Steps seconds = new Steps();
        try (MeshFixture<RunningMesh> mesh =
                MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded)) {
            for (int run = 0; run < WARMUPS; run++) {
                mesh.runSample(new Steps());
            }
            for (int run = 0; run < RUNS; run++) {
                seconds.add("one", atOnce(mesh, 1));
                seconds.add("ten", atOnce(mesh, REALMS));
            }
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        double one = seconds.median("one");
        System.out.printf(Locale.ROOT, "%n%-20s %10s %10s%n", "Realms at once", "s, median", "one=1");
        System.out.printf(Locale.ROOT, "%-20d %10.3f %10.2f%n", 1, one, 1.0);
        System.out.printf(
                Locale.ROOT, "%-20d %10.3f %10.2f%n", REALMS, seconds.median("ten"), seconds.median("ten") / one);
    }

    private static double atOnce(MeshFixture<RunningMesh> mesh, int realms) throws Exception {
        long start = System.nanoTime();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> runs = new ArrayList<>();
            for (int realm = 0; realm < realms; realm++) {
                runs.add(callers.submit(() -> mesh.runSample(new Steps())));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        return Steps.since(start);
    }
}
