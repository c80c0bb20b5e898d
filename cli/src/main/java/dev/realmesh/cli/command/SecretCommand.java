// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `realmesh secret put|list|remove`: the owner's secrets in key-broker.
@Command(name = "secret", description = "Secrets that key-broker releases to attested Realms.")
public final class SecretCommand {
    private static final int MAX_SECRET_BYTES = 1 << 20;

    @Command(name = "put", description = "Store a secret, replacing what was there.")
    int put(
            @Mixin Edge edge,
            @Parameters(paramLabel = "PATH", description = "repository/type/tag, or kbs:///repository/type/tag.")
                    String path,
            @Parameters(paramLabel = "FILE", description = "File with the secret; - is standard input.") Path file)
            throws IOException {
        PutResourceRequest request = PutResourceRequest.newBuilder()
                .setPath(bare(path))
                .setSecret(ByteString.copyFrom(read(file)))
                .build();
        edge.call(channel -> admin(edge, channel).putResource(request));
        return 0;
    }

    @Command(name = "list", description = "List the paths of all secrets.")
    int list(@Mixin Edge edge) {
        edge.call(channel -> admin(edge, channel).listResources(ListResourcesRequest.getDefaultInstance()))
                .getPathsList()
                .forEach(System.out::println);
        return 0;
    }

    @Command(name = "remove", description = "Remove a secret.")
    int remove(@Mixin Edge edge, @Parameters(paramLabel = "PATH", description = "repository/type/tag.") String path) {
        edge.call(channel -> admin(edge, channel)
                .deleteResource(
                        DeleteResourceRequest.newBuilder().setPath(bare(path)).build()));
        return 0;
    }

    private static ResourceAdminServiceBlockingStub admin(Edge edge, ManagedChannel channel) {
        return edge.asAdministrator(ResourceAdminServiceGrpc.newBlockingStub(channel), "key-broker");
    }

    private static String bare(String path) {
        return path.startsWith("kbs:///") ? path.substring("kbs:///".length()) : path;
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_SECRET_BYTES + 1);
            if (bytes.length == 0 || bytes.length > MAX_SECRET_BYTES) {
                throw new CommandException("secret of " + file + ": " + bytes.length + " bytes (expected: 1 to 1 MiB)");
            }
            return bytes;
        }
    }
}
