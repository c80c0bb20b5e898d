// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.bench;

import dev.realmesh.host.vmm.VirtualMachineMonitor;
import dev.realmesh.host.vmm.arguments.HostCapabilities;
import dev.realmesh.host.vmm.plan.BootImages;
import dev.realmesh.host.vmm.plan.BootImages.Role;
import dev.realmesh.host.vmm.plan.OfflineMeasurement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The RIM of a Realm with an initrd of 128 MiB, from the command line to the digest, against upstream's
/// `realm-measurements` on the same files if that is on the PATH; less is better. Upstream is a program that is started
/// anew, which takes it some milliseconds.
public final class MeasureBench {
    private static final int INITRD_BYTES = 128 << 20;
    private static final int WARMUPS = 5;
    private static final int RUNS = 9;

    private final Path folder;

    private MeasureBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        run();
    }

    /// Measures and prints.
    static void run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("measure-bench");
        try {
            MeasureBench bench = new MeasureBench(folder);
            bench.writeInputs();
            System.out.printf(
                    Locale.ROOT, "%n%-20s %10s %20s %10s%n", "RIM, 128 MiB", "ms", "realm-measurements", "ratio");
            for (String algorithm : List.of("sha256", "sha512")) {
                bench.compare(algorithm);
            }
        } finally {
            for (String name : List.of("kernel", "initrd", "out")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    private void writeInputs() throws IOException {
        byte[] initrd = new byte[INITRD_BYTES];
        new Random(1).nextBytes(initrd);
        Files.write(folder.resolve("initrd"), initrd);
        Files.write(
                folder.resolve("kernel"),
                ByteBuffer.allocate(8192)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(16, 8192)
                        .putInt(56, 0x644d5241)
                        .array());
    }

    private void compare(String algorithm) throws IOException, InterruptedException {
        List<String> line = List.of(
                "-object", "rme-guest,measurement-algorithm=" + algorithm, "-m", "1G", "-kernel", "k", "-initrd", "i");
        IntStream.range(0, WARMUPS).forEach(unused -> ours(line));
        double ours = median(IntStream.range(0, RUNS).mapToDouble(unused -> ours(line)));
        Optional<Path> program = program();
        if (program.isEmpty()) {
            System.out.printf(Locale.ROOT, "%-20s %10.0f %20s%n", algorithm, ours, "not on the PATH");
            return;
        }
        double[] theirs = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            theirs[i] = theirs(program.get(), line);
        }
        double other = median(Arrays.stream(theirs));
        System.out.printf(Locale.ROOT, "%-20s %10.0f %20.0f %10.2f%n", algorithm, ours, other, ours / other);
    }

    private double ours(List<String> line) {
        long start = System.nanoTime();
        BootImages images =
                BootImages.NONE.with(Role.KERNEL, folder.resolve("kernel")).with(Role.INITRD, folder.resolve("initrd"));
        HostCapabilities host = HostCapabilities.named("qemu-max-8.2").atMost(HostCapabilities.named("kvm"));
        OfflineMeasurement.of(
                VirtualMachineMonitor.QEMU.plan(line, host, images).plan());
        return millis(start);
    }

    private double theirs(Path program, List<String> line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--num-bps", "6", "--num-wps", "4"));
        command.addAll(List.of("-k", "kernel", "-i", "initrd", "qemu"));
        command.addAll(line);
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + Files.readString(folder.resolve("out")));
        }
        return millis(start);
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Optional<Path> program() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, "realm-measurements"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
