// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Programs that keep a person's logins: `docker-credential-NAME get`, with a server's name on standard input and the
/// login as JSON on standard output (github.com/docker/docker-credential-helpers).
///
/// Whoever writes an auth file says which of the programs on the `PATH` is run: only for a person's own files, in that
/// person's own process. What a program says is never in a message, and its standard error is not kept.
public final class CredentialHelpers {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);
    private static final int MAX_BYTES = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    /// All helpers say this by an exit code that is not 0.
    private static final String NOT_FOUND = "credentials not found in native keychain";

    /// Whose secret is an identity token.
    private static final String TOKEN_USER = "<token>";

    private final Map<String, String> environment;
    private final Duration timeLimit;

    CredentialHelpers(Map<String, String> environment, Duration timeLimit) {
        this.environment = Map.copyOf(environment);
        this.timeLimit = timeLimit;
    }

    /// Those on a `PATH`; each has a minute, in which a person may be asked to unlock something.
    ///
    /// @param environment what the programs run with
    public static CredentialHelpers of(Map<String, String> environment) {
        return new CredentialHelpers(environment, TIME_LIMIT);
    }

    /// Whether there is such a program.
    boolean has(String name) {
        return program(name).isPresent();
    }

    /// Asks one.
    ///
    /// @param place the file that names it, for messages
    /// @param name what follows `docker-credential-`
    /// @param server what the login is stored under
    /// @return empty if it has no login for that
    /// @throws RegistryClientException.BadAuthFile if it does not tell
    Optional<Login> login(String place, String name, String server) {
        try {
            return login(name, server);
        } catch (IOException e) {
            throw new RegistryClientException.BadAuthFile(place, "credential helper " + name + ": " + e.getMessage());
        }
    }

    private Optional<Login> login(String name, String server) throws IOException {
        Path program = program(name)
                .orElseThrow(() -> new IOException("not on the PATH (expected: a program docker-credential-" + name
                        + ", or auths." + server + ".auth in the file)"));
        Answer answer = answer(program, server);
        if (answer.exitCode() != 0 && answer.text().strip().equals(NOT_FOUND)) {
            return Optional.empty();
        }
        if (answer.exitCode() != 0) {
            throw new IOException("exit code " + answer.exitCode() + " for " + server
                    + " (expected: a login; see what `" + program.getFileName() + " get` says)");
        }
        return parse(answer.text(), server, name);
    }

    /// Neither a path nor options can be in a name; folders of the `PATH` that depend on where this process is, do not
    /// count.
    private Optional<Path> program(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .map(folder -> folder.resolve("docker-credential-" + name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private record Answer(int exitCode, String text) {}

    private Answer answer(Path program, String server) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(program.toString(), "get").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        FutureTask<Answer> exchange = new FutureTask<>(() -> exchange(process, server));
        Thread.ofVirtual().start(exchange);
        try {
            return exchange.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "no answer for " + server + " within " + timeLimit.toSeconds() + " s (expected: a login)", e);
        } catch (ExecutionException e) {
            throw new IOException("its answer for " + server + " cannot be read (expected: a login)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Answer exchange(Process process, String server) throws IOException, InterruptedException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading it; what it says counts.
        }
        byte[] text;
        try (InputStream out = process.getInputStream()) {
            text = out.readNBytes(MAX_BYTES + 1);
        }
        return new Answer(process.waitFor(), new String(text, StandardCharsets.UTF_8));
    }

    private static Optional<Login> parse(String answer, String server, String name) throws IOException {
        try {
            JsonDocument json = JsonDocument.parse("login", answer.getBytes(StandardCharsets.UTF_8), MAX_BYTES);
            String user = json.optionalText("Username").orElse("");
            String secret = json.optionalText("Secret").orElse("");
            if (user.isEmpty() || secret.isEmpty()) {
                return Optional.empty();
            }
            String key = server + " with the credential helper " + name;
            return Optional.of(
                    user.equals(TOKEN_USER)
                            ? new Login.IdentityToken(key, secret)
                            : new Login.Basic(key, user, secret));
        } catch (OciException e) {
            // Without its cause, which would tell of the content.
            throw new IOException("its answer for " + server
                    + " is not readable (expected: JSON {\"Username\": …, \"Secret\": …}, at most 64 KiB)");
        }
    }
}
