// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder of CoRIM files that are stored when the service starts. A file that is not taken stops the start: a
/// verifier
/// that runs without endorsements it was given would refuse what it should know.
public final class EndorsementFolder {
    private static final Logger LOG = LoggerFactory.getLogger(EndorsementFolder.class);
    private static final long MAX_FILE_BYTES = 4 * 1024 * 1024;
    private static final int MAX_FILES = 10_000;

    private EndorsementFolder() {}

    /// Stores what the folder holds, in the order of the names; what is stored already is passed over.
    ///
    /// @return how many were new
    /// @throws IllegalArgumentException if a file is not taken; the message names it
    public static int load(Path folder, Provisioning provisioning) {
        int loaded = 0;
        for (Path file : files(folder)) {
            try {
                String id = provisioning.submit(read(file), "");
                LOG.info("endorsements {} stored from {}", id, file);
                loaded++;
            } catch (EndorsementException.AlreadyStored e) {
                LOG.debug("{} is stored already", file);
            } catch (EndorsementException e) {
                throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
            }
        }
        return loaded;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(EndorsementFolder::isCorim)
                    .sorted()
                    .limit(MAX_FILES + 1)
                    .toList();
            if (files.size() > MAX_FILES) {
                throw new IllegalArgumentException(folder + ": too many files (expected: at most " + MAX_FILES + ")");
            }
            return files;
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + ": not read (expected: a folder of CoRIM files)", e);
        }
    }

    private static boolean isCorim(Path file) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file) && (name.endsWith(".cbor") || name.endsWith(".corim"));
    }

    private static Bytes read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(
                        file + ": too large (expected: at most " + MAX_FILE_BYTES + " bytes)");
            }
            return Bytes.copyOf(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": not read", e);
        }
    }
}
