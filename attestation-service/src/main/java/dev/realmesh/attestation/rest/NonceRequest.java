// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import dev.realmesh.cca.Bytes;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// Which nonce a session is opened for: the client's own, or a random one of the size that it asks for.
final class NonceRequest {
    private static final int MIN_SIZE = 8;
    private static final int MAX_SIZE = 64;
    private static final int DEFAULT_SIZE = 32;
    private static final int MAX_TEXT = 128;

    private final SecureRandom random = new SecureRandom();

    /// @param given the parameter `nonce`: base64url, with padding or without
    /// @param size the parameter `nonceSize`: 8 to 64
    Bytes nonce(Optional<String> given, Optional<String> size) {
        if (given.isPresent() && size.isPresent()) {
            throw refused("nonce and nonceSize are mutually exclusive");
        }
        return given.map(NonceRequest::decode)
                .orElseGet(() -> fresh(size.map(NonceRequest::size).orElse(DEFAULT_SIZE)));
    }

    private Bytes fresh(int size) {
        byte[] nonce = new byte[size];
        random.nextBytes(nonce);
        return Bytes.copyOf(nonce);
    }

    private static Bytes decode(String text) {
        try {
            if (text.length() > MAX_TEXT) {
                throw refused("nonce must be between 8 and 64 bytes long; got more");
            }
            Bytes nonce = Bytes.copyOf(Base64.getUrlDecoder().decode(text));
            if (nonce.size() < MIN_SIZE || nonce.size() > MAX_SIZE) {
                throw refused("nonce must be between 8 and 64 bytes long; got " + nonce.size());
            }
            return nonce;
        } catch (IllegalArgumentException e) {
            throw refused("nonce must be valid base64");
        }
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text);
            if (size >= MIN_SIZE && size <= MAX_SIZE) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Out of range as well.
        }
        throw refused("nonceSize must be in range 8..64");
    }

    private static Problem refused(String why) {
        return Problem.badRequest("failed handling nonce request: " + why);
    }
}
