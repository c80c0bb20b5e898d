// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.RmiCommand;
import dev.realmesh.host.firmware.Platform;
import dev.realmesh.host.firmware.PlatformSetup;
import dev.realmesh.host.launch.BootMethod;
import dev.realmesh.host.launch.InitdataDisk;
import dev.realmesh.host.launch.RealmShape;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmDevices.Device;
import dev.realmesh.host.machine.guest.GuestProcess;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import dev.realmesh.host.rmm.RmiEntry;
import dev.realmesh.host.vmm.GuestImage;
import dev.realmesh.host.vmm.RealmHost;
import dev.realmesh.host.vmm.RealmMachine;
import dev.realmesh.host.vmm.plan.BootOperation;
import dev.realmesh.host.vmm.plan.BootOperation.LoadData;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.io.FileUtils;

/// The launch of a Realm from this build's guest image, step by step: by command of the RMI up to its activation, then
/// on a warm mesh until it is attested; less is better. Each is beside the hash of what is loaded, which is the least
/// that a launch can cost.
public final class LaunchBench {
    private static final int WARMUPS = 5;
    private static final int RUNS = 9;
    private static final long DRAM = 8L << 30;

    private final Path folder;
    private final Steps steps = new Steps();
    private final Steps unmeasured = new Steps();

    private LaunchBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    public static void run() throws Exception {
        Path folder = Files.createTempDirectory("launch-bench");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "launch-");
        try {
            LaunchBench bench = new LaunchBench(folder);
            bench.onMesh();
            bench.byCommand(memory);
            bench.print();
        } finally {
            MemoryFolders.delete(memory);
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void onMesh() throws IOException, InterruptedException {
        Steps warmup = new Steps();
        try (MeshFixture<RunningMesh> mesh =
                MeshFixture.start(folder, MeshFixture.guestImage(), RunningMesh::embedded)) {
            for (int run = 0; run < WARMUPS + RUNS; run++) {
                mesh.runSample(run < WARMUPS ? warmup : steps);
            }
            Files.copy(mesh.config.initdata(), folder.resolve("initdata.toml"));
        }
    }

    /// The RMI with a clock at its door.
    private static final class Clocked implements RmiEntry {
        private final RmiEntry entry;
        private final Map<RmiCommand, Long> nanos = new EnumMap<>(RmiCommand.class);
        private final CountDownLatch exited = new CountDownLatch(1);

        Clocked(RmiEntry entry) {
            this.entry = entry;
        }

        @Override
        public long[] smc(long fid, long... arguments) {
            RmiCommand command = RmiCommand.of(fid).orElseThrow();
            long start = System.nanoTime();
            long[] result = entry.smc(fid, arguments);
            nanos.merge(command, System.nanoTime() - start, Long::sum);
            if (command == RmiCommand.REC_ENTER) {
                exited.countDown();
            }
            return result;
        }

        double seconds(RmiCommand... commands) {
            return List.of(commands).stream()
                            .mapToLong(command -> nanos.getOrDefault(command, 0L))
                            .sum()
                    / 1e9;
        }
    }

    private void byCommand(Path memory) throws Exception {
        GuestImage image = GuestImage.open(MeshFixture.guestImage());
        InitdataDisk initdata = InitdataDisk.of(Files.readAllBytes(folder.resolve("initdata.toml")));
        Path disk = Files.write(folder.resolve("initdata"), initdata.image());
        try (MemoryFolders folders = MemoryFolders.open(memory);
                Platform platform = Platform.boot(PlatformSetup.of(
                        AddressMap.qemuVirt(DRAM),
                        GuestProcess.factory(Sandbox.open(Isolation.BWRAP), folders),
                        folder.resolve("platform")))) {
            Builder builder = new Builder(platform, initdata.personalizationValue(), disk);
            Steps warmup = new Steps();
            for (int run = 0; run < WARMUPS + RUNS; run++) {
                boolean warm = run >= WARMUPS;
                long start = System.nanoTime();
                BootPlan plan =
                        BootMethod.DEFAULT.plan(image, RealmShape.DEFAULT).plan();
                (warm ? steps : warmup).add("plan", Steps.since(start));
                start = System.nanoTime();
                OfflineMeasurement.of(plan);
                (warm ? steps : warmup).add("hash alone", Steps.since(start));
                builder.build(plan, warm ? steps : warmup);
                builder.build(withoutMeasurement(plan), warm ? unmeasured : warmup);
            }
        }
    }

    private static BootPlan withoutMeasurement(BootPlan plan) {
        List<BootOperation> operations = plan.operations().stream()
                .map(operation -> operation instanceof LoadData load
                        ? new LoadData(load.name(), load.blob(), load.loadAddress(), false)
                        : operation)
                .toList();
        return new BootPlan(plan.features(), plan.ram(), operations);
    }

    /// Builds Realms, enters them up to their first exit, and takes them down.
    private record Builder(Platform platform, RealmPersonalizationValue personalizationValue, Path disk) {
        void build(BootPlan plan, Steps steps) throws InterruptedException {
            Clocked rmi = new Clocked(platform.rmi());
            RealmHost host = RealmHost.start(rmi, platform.memory(), platform.board());
            RealmDevices devices =
                    new RealmDevices(List.of(new Device.InitdataDisk(disk), new Device.Console(line -> {})));
            long start = System.nanoTime();
            RealmMachine realm = host.build(plan, personalizationValue, devices);
            double built = Steps.since(start);
            steps.add("delegate", rmi.seconds(RmiCommand.GRANULE_DELEGATE));
            steps.add("data create", rmi.seconds(RmiCommand.DATA_CREATE));
            steps.add(
                    "tables and RIPAS",
                    rmi.seconds(RmiCommand.RTT_CREATE, RmiCommand.RTT_FOLD, RmiCommand.RTT_INIT_RIPAS));
            steps.add("REC create", rmi.seconds(RmiCommand.REC_CREATE));
            steps.add("activate", rmi.seconds(RmiCommand.REALM_ACTIVATE));
            steps.add("the host's part", built - rmi.seconds(RmiCommand.values()));
            steps.add("built", built);
            start = System.nanoTime();
            Thread running = Thread.startVirtualThread(realm::run);
            rmi.exited.await();
            steps.add("enter to first exit", Steps.since(start));
            start = System.nanoTime();
            realm.close();
            steps.add("take down", Steps.since(start));
            running.join();
        }
    }

    private void print() {
        double hash = steps.median("hash alone");
        System.out.printf(Locale.ROOT, "%n%-28s %10s %12s%n", "launch", "ms, median", "hash alone=1");
        for (String step : List.of(
                "hash alone",
                "plan",
                "delegate",
                "data create",
                "tables and RIPAS",
                "REC create",
                "activate",
                "the host's part",
                "built",
                "enter to first exit",
                "take down")) {
            print(step, steps.median(step), hash);
        }
        print("data create, unmeasured", unmeasured.median("data create"), hash);
        print("mesh: launch", steps.median("launch"), hash);
        print("mesh: boot, guest ready", steps.median("boot"), hash);
        print("mesh: attested", steps.median("attest"), hash);
    }

    private static void print(String step, double seconds, double hash) {
        System.out.printf(Locale.ROOT, "%-28s %10.2f %12.2f%n", step, seconds * 1e3, seconds / hash);
    }
}
