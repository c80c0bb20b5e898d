// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.opa;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A real OPA.
public final class OpaProcess implements AutoCloseable {
    private final Process process;
    private final URI uri;
    private final HttpClient http = HttpClient.newHttpClient();

    private OpaProcess(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /// The executable `opa` of the path, or of the folder that `-Drealmesh.opa` names.
    public static Optional<Path> executable() {
        String path = System.getProperty("realmesh.opa", System.getenv().getOrDefault("PATH", ""));
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, "opa"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Starts it, and returns when it answers.
    public static OpaProcess start(Path executable, RecordedOpa.Mode mode) {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of(
                executable.toString(), "run", "--server", "--addr", "127.0.0.1:" + port, "--log-level", "error"));
        if (mode == RecordedOpa.Mode.V0_COMPATIBLE) {
            command.add("--v0-compatible");
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            OpaProcess opa = new OpaProcess(process, URI.create("http://127.0.0.1:" + port));
            opa.awaitAnswer();
            return opa;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Base URL.
    public URI uri() {
        return uri;
    }

    /// Asks it.
    public RecordedOpa.Answer send(RecordedOpa.Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri.resolve(request.path()))
                .method(request.method(), BodyPublishers.ofString(request.body()));
        try {
            HttpResponse<String> response = http.send(builder.build(), BodyHandlers.ofString());
            return new RecordedOpa.Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitAnswer() {
        while (process.isAlive()) {
            try {
                if (send(new RecordedOpa.Request("GET", "/health", "")).status() == 200) {
                    return;
                }
            } catch (UncheckedIOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IllegalStateException("opa ended with " + process.exitValue());
    }

    @Override
    public void close() {
        process.destroy();
        http.close();
    }
}
