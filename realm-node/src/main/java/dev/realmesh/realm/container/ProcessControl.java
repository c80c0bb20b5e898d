// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.realm.terminal.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// How a process that crun runs is reached, beside its streams.
sealed interface ProcessControl {
    /// Written by crun once the process exists.
    Path pidFile();

    /// What crun itself has to say.
    Path log();

    /// How long its outputs may stay open after its end.
    Duration drainTime();

    /// Sends a signal; says whether the process was there to get it.
    boolean signal(int signal);

    /// Ends it at once, whatever its state.
    void kill() throws InterruptedException;

    /// The first process of a container: no other outlives it.
    record First(Crun crun, Bundle bundle) implements ProcessControl {
        private static final Duration UNBOUNDED = Duration.ofDays(36500);

        @Override
        public Path pidFile() {
            return bundle.pidFile();
        }

        @Override
        public Path log() {
            return bundle.log();
        }

        @Override
        public Duration drainTime() {
            return UNBOUNDED;
        }

        @Override
        public boolean signal(int signal) {
            return Files.exists(pidFile()) && crun.signal(bundle, signal);
        }

        @Override
        public void kill() throws InterruptedException {
            crun.delete(bundle);
        }
    }

    /// A further process: those that it started in the background may keep its outputs open.
    record Further(Path pidFile, Path log) implements ProcessControl {
        private static final Duration DRAIN = Duration.ofSeconds(2);

        @Override
        public Duration drainTime() {
            return DRAIN;
        }

        @Override
        public boolean signal(int signal) {
            try {
                return Files.exists(pidFile)
                        && Signals.send(Long.parseLong(Files.readString(pidFile).strip()), signal);
            } catch (IOException | NumberFormatException e) {
                return false;
            }
        }

        @Override
        public void kill() {
            signal(SignalName.KILL);
        }
    }
}
