// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.integration.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A command under a real terminal of 33 rows and 111 columns, by script(1), and what somebody types there. Nothing
/// waits for longer than a minute.
final class TypedTerminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String END = "";

    private final Process script;
    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private final StringBuilder seen = new StringBuilder();

    private TypedTerminal(Process script) {
        this.script = script;
        Thread.ofVirtual().start(this::show);
    }

    /// Starts a Java program's main class with this test's class path.
    static TypedTerminal open(Map<String, String> environment, String mainClass, List<String> arguments)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(
                List.of("stty rows 33 cols 111; exec", java, "-cp", "'" + System.getProperty("java.class.path") + "'"));
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder script = new ProcessBuilder(
                "env",
                // Who runs the tests in the background has Ctrl-C ignored, and so would all that they start.
                "--default-signal",
                "script",
                "--quiet",
                "--return",
                "--command",
                String.join(" ", command),
                "/dev/null");
        script.environment().putAll(environment);
        script.environment().put("SHELL", "/bin/sh");
        return new TypedTerminal(script.redirectErrorStream(true).start());
    }

    void type(String text) throws IOException {
        script.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    /// Returns once a text was shown, after what was awaited before.
    void await(String text) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (seen.indexOf(text) < 0) {
            String more = shown.poll(Duration.between(Instant.now(), deadline).toMillis(), TimeUnit.MILLISECONDS);
            if (more == null || more.equals(END)) {
                throw new AssertionError((more == null ? "not within " + PATIENCE : "the end") + ", before \"" + text
                        + "\" in: " + seen);
            }
            seen.append(more);
        }
        seen.delete(0, seen.indexOf(text) + text.length());
    }

    /// Whether the command has ended by then.
    boolean endsWithin(Duration time) throws InterruptedException {
        return script.waitFor(time);
    }

    /// The command's exit code, at its end.
    int exitCode() throws InterruptedException {
        if (!script.waitFor(PATIENCE)) {
            throw new AssertionError("still runs after " + PATIENCE + "; shown: " + seen + String.join("", shown));
        }
        return script.exitValue();
    }

    /// Ends the command, and the terminal with it, at once.
    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
    }

    private void show() {
        byte[] chunk = new byte[4096];
        try (InputStream output = script.getInputStream()) {
            for (int count = output.read(chunk); count > 0; count = output.read(chunk)) {
                shown.add(new String(chunk, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            shown.add("[" + e + "]");
        }
        shown.add(END);
    }
}
