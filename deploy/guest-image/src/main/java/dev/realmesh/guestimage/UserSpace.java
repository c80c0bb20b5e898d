// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.guestimage;

import dev.realmesh.host.machine.guest.GuestKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a Realm's user space is made of. All of it is measured, so all of it is here: the guest sees nothing of its
/// host.
final class UserSpace {
    /// What a Realm runs.
    static final String REALM_NODE_MAIN = "dev.realmesh.realm.RealmNodeMain";

    private static final String JAVA = "opt/java";
    private static final String REALM_NODE = "opt/realm-node";
    private static final List<String> BUSYBOX_APPLETS =
            List.of("cat", "cp", "env", "ip", "ls", "mkdir", "mount", "ps", "rm", "sh", "sleep", "umount");

    private static final String CLASS_ARCHIVE = REALM_NODE + "/classes.jsa";

    /// Options that the class archive is made with too, or the run-time does without it.
    private static final List<String> ARCHIVED_OPTIONS =
            List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /// Fast start before peak speed: a Realm lives for one container, and most of its work is done by intrinsics.
    private static final List<String> JAVA_OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:SharedArchiveFile=/" + CLASS_ARCHIVE,
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx256m",
            // The API of the workload, which may be hostile: connections, seconds for a request and its answer, bytes.
            "-Djdk.httpserver.maxConnections=64",
            "-Dsun.net.httpserver.maxReqTime=30",
            "-Dsun.net.httpserver.maxRspTime=120",
            "-Dsun.net.httpserver.maxReqHeaderSize=16384");

    private UserSpace() {}

    /// The guest's root folder.
    ///
    /// @param runtime a linked Java run-time
    /// @param jars realm-node and what it runs with
    /// @param scratch an empty folder for intermediate files
    static RootTree assemble(Path runtime, List<Path> jars, Path scratch) {
        RootTree root = new RootTree();
        List.of("dev", "proc", "run", "sys", "sys/fs", "sys/fs/cgroup", "var").forEach(path -> root.folder(path, 0755));
        root.folder("root", 0700).folder("tmp", 01777).folder("var/tmp", 01777);
        identities(root);

        root.copyOf(JAVA, runtime);
        jars.forEach(jar -> root.file(REALM_NODE + "/" + jar.getFileName(), jar));

        Path crun = HostTools.find("crun", "crun");
        Path busybox = HostTools.find("busybox", "busybox-static");
        Path init = HostTools.find("catatonit", "catatonit");
        root.file("usr/bin/crun", crun).file("bin/busybox", busybox).file("usr/bin/catatonit", init);
        BUSYBOX_APPLETS.forEach(applet -> root.link("bin/" + applet, "busybox"));

        List<Path> binaries = new ArrayList<>(List.of(crun, busybox, init, runtime.resolve("bin/java")));
        binaries.addAll(SharedLibraries.below(runtime));
        binaries.addAll(SharedLibraries.insideJars(jars, scratch));
        for (Path library : SharedLibraries.neededBy(binaries, List.of(runtime, scratch))) {
            root.file(library.toString().substring(1), library);
        }
        return root.file(CLASS_ARCHIVE, ClassArchive.make(root, java(), "/" + JAVA + "/lib", classPath(jars), scratch));
    }

    private static List<String> java() {
        List<String> words = new ArrayList<>(List.of("/" + JAVA + "/bin/java"));
        words.addAll(ARCHIVED_OPTIONS);
        return words;
    }

    private static String classPath(List<Path> jars) {
        return jars.stream()
                .map(jar -> "/" + REALM_NODE + "/" + jar.getFileName())
                .collect(Collectors.joining(":"));
    }

    private static void identities(RootTree root) {
        root.text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        root.text("etc/group", "root:x:0:\nnogroup:x:65534:\n");
        root.text("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n");
        root.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
        root.text("etc/os-release", "ID=realmesh-guest\nNAME=\"Realmesh guest\"\n");
    }

    /// The kernel that starts `mainClass`.
    ///
    /// @throws BuildException if none of the jars has it
    static GuestKernel kernel(List<Path> jars, String mainClass) {
        String entry = mainClass.replace('.', '/') + ".class";
        if (jars.stream().noneMatch(jar -> HostTools.jarHas(jar, entry))) {
            throw new BuildException("realm-node: no class %s in %s (run ./mvnw package first)"
                    .formatted(mainClass, jars.getFirst().getParent()));
        }
        List<String> command = new ArrayList<>(java());
        command.addAll(JAVA_OPTIONS);
        command.addAll(List.of("-cp", classPath(jars), mainClass));
        return new GuestKernel(
                command, Map.of("PATH", "/usr/bin:/bin", "HOME", "/root", "LANG", "C.UTF-8", "TMPDIR", "/tmp"));
    }
}
