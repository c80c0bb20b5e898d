// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the host asks the Realm to run. The host is not trusted, so this is checked before anything happens.
///
/// @param image image reference, 1 to 512 characters
/// @param command replaces the image's Cmd if not empty; at most 1024 words and 128 KiB in all
/// @param environment added to the image's Env, each `KEY=VALUE`; at most 1024 and 128 KiB in all
/// @param decryptionKeys `kbs:///repository/type/tag` of private keys (PEM) that open layers wrapped for a recipient;
///     at most 16
/// @param secretFiles sealed secrets that are files in the container; at most 64, each path once
public record RunRequest(
        String image,
        List<String> command,
        List<String> environment,
        List<String> decryptionKeys,
        List<SecretFile> secretFiles) {
    private static final int MAX_REFERENCE_CHARACTERS = 512;
    private static final int MAX_WORDS = 1024;
    private static final int MAX_WORD_BYTES = 128 * 1024;
    private static final int MAX_KEYS = 16;
    private static final int MAX_SECRET_FILES = 64;

    /// Checks the request.
    ///
    /// @throws ContainerException.BadRequest if a part is missing, malformed or over its limit
    public RunRequest {
        if (image.isEmpty() || image.length() > MAX_REFERENCE_CHARACTERS) {
            throw new ContainerException.BadRequest(
                    "image: " + image.length() + " characters (expected: 1-" + MAX_REFERENCE_CHARACTERS + ")");
        }
        command = checkedWords("command", command);
        environment = checkedVariables(environment);
        if (decryptionKeys.size() > MAX_KEYS) {
            throw new ContainerException.BadRequest(
                    "decryption_keys: " + decryptionKeys.size() + " (expected: at most " + MAX_KEYS + ")");
        }
        decryptionKeys = List.copyOf(decryptionKeys);
        secretFiles = checkedFiles(secretFiles);
    }

    private static List<SecretFile> checkedFiles(List<SecretFile> files) {
        if (files.size() > MAX_SECRET_FILES) {
            throw new ContainerException.BadRequest(
                    "secret_files: " + files.size() + " (expected: at most " + MAX_SECRET_FILES + ")");
        }
        Set<String> paths = new HashSet<>();
        for (SecretFile file : files) {
            if (!paths.add(file.path())) {
                throw new ContainerException.BadRequest("secret_files: " + file.path() + " twice (expected: once)");
            }
        }
        return List.copyOf(files);
    }

    static List<String> checkedVariables(List<String> variables) {
        for (String variable : variables) {
            if (variable.indexOf('=') < 1) {
                throw new ContainerException.BadRequest("environment: a variable without a name (expected: KEY=VALUE)");
            }
        }
        return checkedWords("environment", variables);
    }

    static List<String> checkedWords(String what, List<String> words) {
        if (words.size() > MAX_WORDS) {
            throw new ContainerException.BadRequest(
                    what + ": " + words.size() + " words (expected: at most " + MAX_WORDS + ")");
        }
        long bytes = 0;
        for (String word : words) {
            bytes += word.getBytes(StandardCharsets.UTF_8).length;
            if (word.indexOf('\0') >= 0) {
                throw new ContainerException.BadRequest(what + ": a word with a NUL character (expected: none)");
            }
        }
        if (bytes > MAX_WORD_BYTES) {
            throw new ContainerException.BadRequest(
                    what + ": " + bytes + " bytes (expected: at most " + MAX_WORD_BYTES + ")");
        }
        return List.copyOf(words);
    }
}
