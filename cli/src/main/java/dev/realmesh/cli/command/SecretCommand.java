// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.proto.keybroker.v1.DeleteResourceRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcesRequest;
import dev.realmesh.proto.keybroker.v1.ListVersionsRequest;
import dev.realmesh.proto.keybroker.v1.PutResourceRequest;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc;
import dev.realmesh.proto.keybroker.v1.ResourceAdminServiceGrpc.ResourceAdminServiceBlockingStub;
import dev.realmesh.proto.keybroker.v1.RestoreVersionRequest;
import dev.realmesh.proto.keybroker.v1.RotateMasterKeyRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh secret put|list|remove|versions|restore|rotate-master-key|audit|policy`: the owner's secrets in
/// key-broker.
@Command(
        name = "secret",
        description = "Secrets that key-broker releases to attested Realms.",
        subcommands = ResourcePolicyCommand.class)
public final class SecretCommand {
    private static final int MAX_SECRET_BYTES = 1 << 20;
    private static final int MAX_HEAD_BYTES = 256;

    private final Caller caller;

    public SecretCommand(Caller caller) {
        this.caller = caller;
    }

    @Command(name = "put", description = "Store a secret, replacing what was there.")
    int put(
            @Mixin Edge edge,
            @Parameters(paramLabel = "PATH", description = "repository/type/tag, or kbs:///repository/type/tag.")
                    String path,
            @Parameters(paramLabel = "FILE", description = "File with the secret; - is standard input.") Path file,
            @Option(names = "--json", description = "Print the path as JSON.") boolean json)
            throws IOException {
        String bare = bare(path);
        PutResourceRequest request = PutResourceRequest.newBuilder()
                .setPath(bare)
                .setSecret(ByteString.copyFrom(read(file)))
                .build();
        edge.call(channel -> admin(edge, channel).putResource(request));
        if (json) {
            print(bare, true);
        }
        return 0;
    }

    @Command(name = "list", description = "List the paths of all secrets.")
    int list(@Mixin Edge edge, @Option(names = "--json", description = "Print JSON, one secret a line.") boolean json) {
        edge.call(channel -> admin(edge, channel).listResources(ListResourcesRequest.getDefaultInstance()))
                .getPathsList()
                .forEach(path -> print(path, json));
        return 0;
    }

    @Command(name = "remove", description = "Remove a secret.")
    int remove(
            @Mixin Edge edge,
            @Parameters(paramLabel = "PATH", description = "repository/type/tag.") String path,
            @Option(names = "--json", description = "Print the path as JSON.") boolean json) {
        String bare = bare(path);
        edge.call(channel -> admin(edge, channel)
                .deleteResource(DeleteResourceRequest.newBuilder().setPath(bare).build()));
        if (json) {
            print(bare, true);
        }
        return 0;
    }

    @Command(name = "versions", description = "List the versions of a secret that are kept, newest first.")
    int versions(
            @Mixin Edge edge,
            @Parameters(paramLabel = "PATH", description = "repository/type/tag.") String path,
            @Option(names = "--json", description = "Print JSON, one version a line.") boolean json) {
        ListVersionsRequest request =
                ListVersionsRequest.newBuilder().setPath(bare(path)).build();
        edge.call(channel -> admin(edge, channel).listVersions(request))
                .getVersionsList()
                .forEach(version -> {
                    String storedAt =
                            Instant.ofEpochMilli(version.getStoredAtMillis()).toString();
                    caller.out()
                            .println(
                                    json
                                            ? JsonText.of(Map.of("version", version.getNumber(), "storedAt", storedAt))
                                            : version.getNumber() + "  " + storedAt);
                });
        return 0;
    }

    @Command(name = "restore", description = "Make an earlier version of a secret the newest.")
    int restore(
            @Mixin Edge edge,
            @Parameters(paramLabel = "PATH", description = "repository/type/tag.") String path,
            @Parameters(paramLabel = "VERSION", description = "One that `secret versions` lists.") long version,
            @Option(names = "--json", description = "Print the new version as JSON.") boolean json) {
        RestoreVersionRequest request = RestoreVersionRequest.newBuilder()
                .setPath(bare(path))
                .setNumber(version)
                .build();
        long number = edge.call(channel -> admin(edge, channel).restoreVersion(request))
                .getNumber();
        caller.out().println(json ? JsonText.of(Map.of("version", number)) : Long.toString(number));
        return 0;
    }

    @Command(
            name = "rotate-master-key",
            description = "Replace the key that all secrets at rest are under, while the broker goes on.")
    int rotateMasterKey(
            @Mixin Edge edge,
            @Option(names = "--json", description = "Print the id of the new key as JSON.") boolean json) {
        String id = edge.call(
                        channel -> admin(edge, channel).rotateMasterKey(RotateMasterKeyRequest.getDefaultInstance()))
                .getMasterKeyId();
        caller.out().println(json ? JsonText.of(Map.of("masterKeyId", id)) : id);
        return 0;
    }

    @Command(
            name = "audit",
            description = "Show what the broker did, refused and changed, and check that its log is whole.")
    int audit(
            @Mixin Edge edge,
            @Option(
                            names = "--head",
                            paramLabel = "FILE",
                            description = "Where the end of the log is kept: the log must still have what it had when"
                                    + " this was last called.")
                    Optional<Path> head,
            @Option(names = "--json", description = "Print JSON, one entry a line.") boolean json)
            throws IOException {
        Optional<String> kept = head.isPresent() && Files.exists(head.get())
                ? Optional.of(new String(caller.read(head.get(), MAX_HEAD_BYTES), StandardCharsets.UTF_8).strip())
                : Optional.empty();
        AuditText text = new AuditText(caller.out(), json);
        AuditCheck check = new AuditCheck(kept, text::print);
        edge.call(channel -> check.readAll(admin(edge, channel)));
        if (head.isPresent()) {
            Files.writeString(head.get(), check.head() + "\n");
        }
        text.end(check);
        return 0;
    }

    private void print(String path, boolean json) {
        caller.out().println(json ? JsonText.of(Map.of("path", path)) : path);
    }

    private static ResourceAdminServiceBlockingStub admin(Edge edge, ManagedChannel channel) {
        return edge.asAdministrator(ResourceAdminServiceGrpc.newBlockingStub(channel), "key-broker");
    }

    /// The path alone, checked before anything is sent.
    static String bare(String path) {
        String bare = path.startsWith("kbs:///") ? path.substring("kbs:///".length()) : path;
        try {
            return ResourcePath.parse(bare).toString();
        } catch (KbsException e) {
            throw new CommandException.WrongUse(String.valueOf(e.getMessage()));
        }
    }

    private byte[] read(Path file) throws IOException {
        byte[] bytes = caller.read(file, MAX_SECRET_BYTES);
        if (bytes.length == 0 || bytes.length > MAX_SECRET_BYTES) {
            throw new CommandException("secret of " + file + ": " + bytes.length + " bytes (expected: 1 to 1 MiB)");
        }
        return bytes;
    }
}
