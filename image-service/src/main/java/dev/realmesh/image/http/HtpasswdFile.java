// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Users and their passwords' bcrypt hashes, a `user:$2y$…` a line, as `htpasswd -B` writes them and the distribution
/// registry reads them. Read again when the file changes; while that cannot be read, what it said before counts.
final class HtpasswdFile {
    private static final Logger LOG = LoggerFactory.getLogger(HtpasswdFile.class);
    private static final int MAX_BYTES = 1 << 20;
    private static final int MIN_COST = 4;

    /// Two seconds a password and more are no use to anybody.
    private static final int MAX_COST = 15;

    private static final Pattern LINE =
            Pattern.compile("([^:\\s]{1,255}):(\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53})");

    private final Path file;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Version read;

    private HtpasswdFile(Path file, Version read) {
        this.file = file;
        this.read = read;
    }

    /// @throws IOException if it cannot be read, or a line is none
    static HtpasswdFile open(Path file) throws IOException {
        Stamp stamp = Stamp.of(file);
        return new HtpasswdFile(file, new Version(stamp, Hashes.parse(file)));
    }

    /// What the file says now.
    Hashes hashes() {
        try {
            Stamp now = Stamp.of(file);
            if (!now.equals(read.stamp) && reading.tryLock()) {
                try {
                    read = readAgain(now);
                } finally {
                    reading.unlock();
                }
            }
        } catch (IOException e) {
            LOG.warn("htpasswd file {}: cannot be read, its accounts stay as they were", file, e);
        }
        return read.hashes;
    }

    private Version readAgain(Stamp now) {
        try {
            return new Version(now, Hashes.parse(file));
        } catch (IOException e) {
            LOG.warn("htpasswd file: {}, its accounts stay as they were", e.getMessage());
            return new Version(now, read.hashes);
        }
    }

    private record Version(Stamp stamp, Hashes hashes) {}

    private record Stamp(FileTime modified, long size) {
        private static Stamp of(Path file) throws IOException {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        }
    }

    /// Hashes by user.
    ///
    /// @param ofNobody takes as long as the others to compare with
    record Hashes(Map<String, String> byUser, String ofNobody) {
        Hashes {
            byUser = Map.copyOf(byUser);
        }

        Optional<String> of(String user) {
            return Optional.ofNullable(byUser.get(user));
        }

        private static Hashes parse(Path file) throws IOException {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException(file + ": more than " + MAX_BYTES + " bytes (expected: at most so many)");
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            Map<String, String> byUser = new HashMap<>();
            int highest = MIN_COST;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    Matcher matcher = LINE.matcher(line);
                    highest = Math.max(highest, cost(matcher, file, i + 1));
                    if (byUser.put(matcher.group(1), matcher.group(2)) != null) {
                        throw new IOException(file + ", line " + (i + 1) + ": a user for the second time");
                    }
                }
            }
            return new Hashes(byUser, hashOfNobody(highest));
        }

        private static int cost(Matcher line, Path file, int number) throws IOException {
            int cost = line.matches() ? Integer.parseInt(line.group(3)) : 0;
            if (cost < MIN_COST || cost > MAX_COST) {
                throw new IOException(file + ", line " + number + ": not USER:BCRYPT-HASH of a cost of " + MIN_COST
                        + " to " + MAX_COST + " (expected: what htpasswd -B writes)");
            }
            return cost;
        }

        private static String hashOfNobody(int cost) {
            SecureRandom random = new SecureRandom();
            byte[] salt = new byte[16];
            byte[] password = new byte[32];
            random.nextBytes(salt);
            random.nextBytes(password);
            return OpenBSDBCrypt.generate("2y", password, salt, cost);
        }
    }
}
