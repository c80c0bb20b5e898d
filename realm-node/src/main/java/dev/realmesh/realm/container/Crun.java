// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// crun by its command line, as it runs inside a Realm's sandbox: no cgroup manager (a tmpfs hides /sys/fs/cgroup), its
/// state on the Realm's tmpfs, its own messages in a file, so that standard error is the container's alone.
public final class Crun {
    private final Path program;
    private final Path state;
    private final Duration grace;

    /// A runtime of its own state.
    ///
    /// @param program where it is
    /// @param state folder for its state
    /// @param grace how long a container may take to end after TERM before it gets KILL
    public Crun(Path program, Path state, Duration grace) {
        this.program = program;
        this.state = state;
        this.grace = grace;
    }

    /// Starts a bundle.
    ///
    /// @throws ContainerException.RuntimeFailed if crun itself cannot be started
    RunningContainer start(Bundle bundle) {
        Process process = spawn(
                List.of(
                        "--log=file:" + bundle.log(),
                        "run",
                        "--pid-file",
                        bundle.pidFile().toString(),
                        "--bundle",
                        bundle.folder().toString(),
                        bundle.id()),
                ProcessBuilder.Redirect.PIPE);
        return new RunningContainer(this, bundle, process);
    }

    /// Ends a container by KILL, whatever its state, and forgets it.
    void delete(Bundle bundle) throws InterruptedException {
        spawn(List.of("delete", "--force", bundle.id()), ProcessBuilder.Redirect.DISCARD)
                .waitFor();
    }

    Duration grace() {
        return grace;
    }

    private Process spawn(List<String> arguments, ProcessBuilder.Redirect output) {
        List<String> words =
                new ArrayList<>(List.of(program.toString(), "--root=" + state, "--cgroup-manager=disabled"));
        words.addAll(arguments);
        try {
            return new ProcessBuilder(words)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output)
                    .redirectError(output)
                    .start();
        } catch (IOException e) {
            throw new ContainerException.RuntimeFailed(program + ": " + e.getMessage(), e);
        }
    }
}
