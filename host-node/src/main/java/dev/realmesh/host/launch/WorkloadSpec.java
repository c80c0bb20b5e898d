// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What to run in a new Realm.
///
/// @param image image reference, 1 to 512 characters
/// @param command replaces the image's command if not empty; at most 1024 words, 128 KiB in all
/// @param environment added to the image's, each KEY=VALUE; at most 1024
/// @param decryptionKeys resources with private keys of recipients; at most 64
/// @param secretFiles sealed secrets that are files in the container; at most 64
/// @param initdata the Realm's initdata
/// @param guestImage name of the guest image that the Realm is booted from; empty for the host's usual one
/// @param shape memory and processors
public record WorkloadSpec(
        String image,
        List<String> command,
        List<String> environment,
        List<String> decryptionKeys,
        List<SecretFile> secretFiles,
        InitdataDisk initdata,
        String guestImage,
        RealmShape shape) {
    private static final int MAX_WORDS = 1024;
    private static final int MAX_TEXT_BYTES = 128 << 10;
    private static final int MAX_KEYS = 64;
    private static final int MAX_SECRET_FILES = 64;

    /// A sealed secret that is to be a file; what it is worth, the Realm says.
    ///
    /// @param path where
    /// @param sealed what
    public record SecretFile(String path, String sealed) {}

    public WorkloadSpec {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        decryptionKeys = List.copyOf(decryptionKeys);
        secretFiles = List.copyOf(secretFiles);
        var unused = new RealmSpec(image, initdata, guestImage, shape);
        requireBounded("command", command, MAX_WORDS);
        requireBounded("environment", environment, MAX_WORDS);
        requireBounded("decryption-keys", decryptionKeys, MAX_KEYS);
        if (secretFiles.size() > MAX_SECRET_FILES) {
            throw new LaunchException.BadRequest(
                    "secret-files: %d (expected: at most %d)".formatted(secretFiles.size(), MAX_SECRET_FILES));
        }
        for (String variable : environment) {
            if (variable.indexOf('=') < 1) {
                throw new LaunchException.BadRequest("environment: a word without KEY= (expected: KEY=VALUE)");
            }
        }
    }

    /// The Realm that it is run in.
    RealmSpec realm() {
        return new RealmSpec(image, initdata, guestImage, shape);
    }

    private static void requireBounded(String what, List<String> words, int most) {
        if (words.size() > most) {
            throw new LaunchException.BadRequest(
                    "%s: %d words (expected: at most %d)".formatted(what, words.size(), most));
        }
        int bytes = words.stream()
                .mapToInt(word -> word.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > MAX_TEXT_BYTES) {
            throw new LaunchException.BadRequest(
                    "%s: %d bytes (expected: at most %d)".formatted(what, bytes, MAX_TEXT_BYTES));
        }
    }
}
