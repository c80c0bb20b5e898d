// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.link;

import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.TestServiceGrpc;
import java.nio.file.Path;

/// A guest in a process of its own: one call, and the end. With a second argument it stays until it is killed.
final class GuestMain {
    private GuestMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (GuestLink link = GuestLink.connect(Path.of(arguments[0]))) {
            TestServiceGrpc.newBlockingStub(link.channel()).emptyCall(Empty.getDefaultInstance());
            System.out.println("called");
            if (arguments.length > 1) {
                link.serve(new Echo());
                Thread.currentThread().join();
            }
        }
    }
}
