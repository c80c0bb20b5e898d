// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import dev.realmesh.proto.realm.v1.ContainerExited;
import dev.realmesh.proto.realm.v1.ProcessEvent;
import dev.realmesh.proto.realm.v1.ProcessStarted;
import dev.realmesh.realm.container.RunEvent;
import dev.realmesh.realm.container.RunEvents;
import java.util.function.Consumer;

/// What a process does, as messages.
///
/// @param call takes them
record ProcessEvents(Consumer<ProcessEvent> call) implements RunEvents {
    void started() {
        call.accept(ProcessEvent.newBuilder()
                .setStarted(ProcessStarted.getDefaultInstance())
                .build());
    }

    @Override
    public void accept(RunEvent event) {
        if (event instanceof RunEvent.Output output) {
            ProcessEvent.Builder message = ProcessEvent.newBuilder();
            switch (output.stream()) {
                case STDOUT -> message.setStdout(CallEvents.bytes(output));
                case STDERR -> message.setStderr(CallEvents.bytes(output));
            }
            call.accept(message.build());
        }
    }

    void exited(int exitCode) {
        call.accept(ProcessEvent.newBuilder()
                .setExited(ContainerExited.newBuilder().setExitCode(exitCode))
                .build());
    }
}
