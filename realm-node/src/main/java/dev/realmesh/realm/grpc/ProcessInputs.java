// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.ProcessInput;
import dev.realmesh.realm.container.Container;
import dev.realmesh.realm.container.ContainerException;
import dev.realmesh.realm.container.Containers;
import dev.realmesh.realm.container.RunningProcess;
import dev.realmesh.realm.container.SignalName;
import dev.realmesh.realm.terminal.TerminalSize;

/// What a caller sends to a process that runs.
sealed interface ProcessInputs {
    /// The process, to be written to.
    ///
    /// @throws ContainerException if it takes nothing
    RunningProcess input();

    /// The process has another size.
    void resize(TerminalSize size);

    /// Sends a signal.
    void signal(int signal);

    /// Does what a message says.
    default void accept(ProcessInput message) {
        switch (message.getInputCase()) {
            case STDIN -> input().write(message.getStdin().toByteArray());
            case STDIN_END -> input().closeInput();
            case SIZE -> resize(Requests.size(message.getSize()));
            case SIGNAL -> signal(SignalName.number(message.getSignal()));
            case INPUT_NOT_SET -> throw new ContainerException.BadRequest("input: of no kind");
        }
    }

    /// The first process of a container.
    record OfContainer(Containers containers, Container container) implements ProcessInputs {
        @Override
        public RunningProcess input() {
            return containers.input(container);
        }

        @Override
        public void resize(TerminalSize size) {
            container.resize(size);
        }

        @Override
        public void signal(int signal) {
            containers.signal(container.name(), signal);
        }
    }

    /// A further process: whoever may start one may do with it as it likes.
    record OfFurther(RunningProcess process) implements ProcessInputs {
        @Override
        public RunningProcess input() {
            return process;
        }

        @Override
        public void resize(TerminalSize size) {
            process.resize(size);
        }

        @Override
        public void signal(int signal) {
            process.signal(signal);
        }
    }
}
