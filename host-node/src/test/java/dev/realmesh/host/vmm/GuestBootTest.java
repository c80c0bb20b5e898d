// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realmesh.cca.RealmPersonalizationValue;
import dev.realmesh.cca.abi.HashAlgorithm;
import dev.realmesh.host.machine.RealmDevices;
import dev.realmesh.host.machine.RealmDevices.Device;
import dev.realmesh.host.machine.guest.GuestKernel;
import dev.realmesh.host.machine.guest.GuestProcess;
import dev.realmesh.host.machine.guest.Isolation;
import dev.realmesh.host.machine.guest.MemoryFolders;
import dev.realmesh.host.machine.guest.Sandbox;
import dev.realmesh.host.machine.guest.ShellGuest;
import dev.realmesh.host.vmm.plan.Blob;
import dev.realmesh.host.vmm.plan.BootPlan;
import dev.realmesh.host.vmm.plan.KernelImage;
import dev.realmesh.host.vmm.plan.VirtualCpu;
import dev.realmesh.host.vmm.qemu.QemuMachine;
import dev.realmesh.host.vmm.qemu.QemuPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A guest of a shell and a script, from its files through Realm memory into its sandbox. What it prints is what it
/// sees. Needs a static busybox, and user namespaces.
@Timeout(120)
class GuestBootTest {
    private static final long OWN = ProcessHandle.current().pid();

    private final Queue<String> console = new ConcurrentLinkedQueue<>();
    private final Semaphore ready = new Semaphore(0);
    private Path base = Path.of("");

    @BeforeEach
    void makeBase() throws IOException {
        base = Files.createTempDirectory(Path.of("/dev/shm"), "boot-");
    }

    @AfterEach
    void removeBase() {
        MemoryFolders.delete(base);
    }

    @ParameterizedTest
    @EnumSource(names = {"BWRAP", "UNSHARE"})
    void seesNothingButItsOwn(Isolation isolation) throws IOException {
        Path outside = Files.writeString(base.resolve("outside"), "host's");
        Path initdata = Files.writeString(base.resolve("initdata"), "initdata of the Realm");

        RealmEnd end = run(isolation, initdata, """
                echo "id $(id -u) pid $$ host $(hostname)"
                echo "root" /*
                echo "devices" $(ls /run/realm) $(cat /dev/initdata)
                echo "environment" $(env | grep -v -e PWD -e SHLVL -e _= | sort)
                echo "links" $(ip -o link | wc -l) $(ip -o link show lo | grep -c UP)
                echo "processes" $(ls -d /proc/[0-9]* | wc -l)
                cat %s && echo "outside is visible"
                touch /dev/initdata 2>/dev/null && echo "initdata is writable" >/dev/initdata
                exit 3
                """.formatted(outside));

        assertThat(end).isEqualTo(RealmEnd.DIED);
        assertThat(console)
                .anyMatch(line -> line.matches("id 0 pid [1-9] host realm"))
                .contains("root /bin /dev /init /proc /run /sys /tmp")
                .contains("devices smc.sock initdata of the Realm")
                .contains("environment PATH=/bin REALM_CPUS=1 REALM_SCRATCH_IPA=0x57fff000")
                .contains("links 1 1")
                .doesNotContain("outside is visible")
                .contains("the guest ended with exit code 3");
        assertThat(initdata).hasContent("initdata of the Realm");
        assertThat(outside).hasContent("host's");
    }

    /// Half of the Realm's 384 MiB, and an eighth of them.
    @ParameterizedTest
    @EnumSource(names = {"BWRAP", "UNSHARE"})
    void writesToItsMemoryAloneAndNoMoreThanFits(Isolation isolation) throws IOException {
        Path initdata = Files.writeString(base.resolve("initdata"), "initdata of the Realm");

        run(isolation, initdata, """
                for folder in /run /tmp; do
                  cat /dev/zero >$folder/file
                  echo "$folder has room for" $(wc -c <$folder/file)
                  echo $(echo more 2>&1 >$folder/more)
                done
                for folder in / /bin /dev /dev/shm /sys /sys/fs/cgroup; do
                  touch $folder/file 2>/dev/null && echo "$folder is writable"
                done
                cat /dev/null && echo done
                """);

        assertThat(console)
                .contains("/run has room for 201326592", "/tmp has room for 50331648", "done")
                .noneMatch(line -> line.endsWith("is writable"));
        assertThat(console.stream().filter(line -> line.contains("No space left on device")))
                .hasSize(4);
    }

    @Test
    void saysWhyItDied() {
        RealmEnd end = run(Isolation.BWRAP, base, "echo last words; kill -9 $$");

        assertThat(end).isEqualTo(RealmEnd.DIED);
        assertThat(console).contains("last words").last().asString().startsWith("the guest ended with exit code 137");
    }

    /// What a host may have of the machine that it runs on, counted.
    private record Holdings(int freeGranules, long processes, long openFiles, int mounts, List<String> folders) {}

    @ParameterizedTest
    @EnumSource(names = {"BWRAP", "UNSHARE"})
    void leavesNothingAfterFiftyRealmsWereKilled(Isolation isolation) throws Exception {
        try (BootedMachine machine = machine(isolation)) {
            RealmHost host = machine.host();
            kill(host);
            Holdings before = holdings(host);

            for (int i = 0; i < 25; i++) {
                kill(host);
            }

            Holdings after = holdings(host);
            assertThat(after.openFiles()).isLessThanOrEqualTo(before.openFiles() + 2);
            assertThat(after)
                    .usingRecursiveComparison()
                    .ignoringFields("openFiles")
                    .isEqualTo(before);
        }
    }

    private void kill(RealmHost host) throws Exception {
        Path initdata = Files.writeString(base.resolve("initdata"), "initdata");
        RealmMachine realm = host.build(
                plan("echo started; sleep 1000 & sleep 1000"), RealmPersonalizationValue.NONE, devices(initdata));
        CompletableFuture<RealmEnd> end =
                CompletableFuture.supplyAsync(realm::run, task -> Thread.startVirtualThread(task));
        var unused = end.whenComplete((how, problem) -> ready.release());
        ready.acquire();
        realm.close();
        assertThat(end.join()).as("the guest's end, after %s", console).isEqualTo(RealmEnd.STOPPED);
        ready.drainPermits();
        console.clear();
    }

    private Holdings holdings(RealmHost host) throws IOException {
        return new Holdings(
                host.freeGranules(),
                ProcessHandle.current().descendants().count(),
                entries(Path.of("/proc/self/fd")).size(),
                Files.readAllLines(Path.of("/proc/self/mounts")).size(),
                Stream.of(base, Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/memory"))
                        .flatMap(folder -> entries(folder).stream())
                        .sorted()
                        .toList());
    }

    private static List<String> entries(Path folder) {
        try (Stream<Path> paths = Files.isDirectory(folder) ? Files.walk(folder, 2) : Stream.empty()) {
            return paths.map(Path::toString)
                    .filter(path -> !path.startsWith("/sys") || path.contains("realmesh-guests-" + OWN))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void doesNotStartFromAnotherKernelHeader() {
        byte[] kernel = ShellGuest.kernel();
        kernel[GuestKernel.HEADER_BYTES] = 'x';

        assertThat(runPlan(Isolation.BWRAP, plan(kernel, ShellGuest.initrd("true"))))
                .isEqualTo(RealmEnd.DIED);
        assertThat(console).singleElement().asString().startsWith("guest kernel: manifest: ");
    }

    @Test
    void doesNotStartFromABrokenInitrd() {
        byte[] initrd = ShellGuest.initrd("true");
        initrd[3] ^= 1;

        assertThat(runPlan(Isolation.BWRAP, plan(ShellGuest.kernel(), initrd))).isEqualTo(RealmEnd.DIED);
        assertThat(console).singleElement().asString().startsWith("guest initrd: offset 110: no cpio newc header");
    }

    private RealmEnd run(Isolation isolation, Path initdata, String script) {
        return runPlan(isolation, plan(script), initdata);
    }

    private RealmEnd runPlan(Isolation isolation, BootPlan plan) {
        return runPlan(isolation, plan, base);
    }

    private RealmEnd runPlan(Isolation isolation, BootPlan plan, Path initdata) {
        try (BootedMachine machine = machine(isolation);
                RealmMachine realm = machine.host().build(plan, RealmPersonalizationValue.NONE, devices(initdata))) {
            return realm.run();
        }
    }

    private BootedMachine machine(Isolation isolation) {
        Sandbox sandbox = Sandbox.open(isolation);
        return new BootedMachine(64 << 20, GuestProcess.factory(sandbox, MemoryFolders.open(base)));
    }

    private RealmDevices devices(Path initdata) {
        Device.Console lines = new Device.Console(line -> {
            console.add(line);
            if (line.equals("started")) {
                ready.release();
            }
        });
        return new RealmDevices(List.of(lines, new Device.InitdataDisk(initdata)));
    }

    private static BootPlan plan(String script) {
        return plan(ShellGuest.kernel(), ShellGuest.initrd(script));
    }

    private static BootPlan plan(byte[] kernel, byte[] initrd) {
        QemuMachine machine =
                new QemuMachine(384L << 20, 1, VirtualCpu.QEMU_MAX, HashAlgorithm.SHA_256, GuestImage.COMMAND_LINE);
        return QemuPlan.directBoot(machine, KernelImage.read(Blob.of(kernel)), Blob.of(initrd));
    }
}
