// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where the mesh that `realmesh up` started is reached. While it runs, its state folder says so in a file, so that
/// commands on this machine find it on whatever ports it has.
///
/// @param edge the gRPC edge
/// @param registry the registry
/// @param veraison Veraison's REST API, if it is served
/// @param kbs the KBS protocol over HTTP, if it is served
/// @param keyProvider the key provider for who encrypts images, `host:port` as ocicrypt's configuration has it, if it
/// is served
/// @param health health and metrics of the node, if they are served
public record Endpoints(
        URI edge,
        URI registry,
        Optional<URI> veraison,
        Optional<URI> kbs,
        Optional<String> keyProvider,
        Optional<URI> health) {
    /// Where a mesh is that was not told anything else.
    static final Endpoints DEFAULT = new Endpoints(
            URI.create("http://127.0.0.1:7440"),
            URI.create("http://127.0.0.1:5000"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final String FILE = "endpoints.json";

    /// Those of the mesh whose state is in `folder`, or the default ones if none runs there.
    ///
    /// @throws CommandException if the file is not one of ours
    static Endpoints in(Path folder) {
        return published(folder).orElse(DEFAULT);
    }

    /// Those of the mesh whose state is in `folder`, if one runs there.
    ///
    /// @throws CommandException if the file is not one of ours
    static Optional<Endpoints> published(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(JsonMapper.shared().readValue(file, Endpoints.class))
                    : Optional.empty();
        } catch (JacksonException e) {
            throw new CommandException(file + ": not read (expected: what `realmesh up` wrote; remove it)", e);
        }
    }

    /// Writes them for others; they hold until [#withdraw].
    void publish(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), toJson());
    }

    /// The mesh is not there any more.
    static void withdraw(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    /// As one line of JSON.
    String toJson() {
        return JsonMapper.shared().writeValueAsString(this);
    }
}
