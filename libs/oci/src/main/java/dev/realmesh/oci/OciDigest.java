// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The digest that names content, such as `sha256:…`: OCI image specification, "Digests". Only the two registered
/// algorithms are accepted, in their canonical spelling.
///
/// @param algorithm what it was computed with
/// @param hex lower-case hexadecimal, as long as the algorithm says
public record OciDigest(Algorithm algorithm, String hex) {
    private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f]+");

    public OciDigest {
        if (hex.length() != algorithm.sizeBytes * 2 || !LOWER_HEX.matcher(hex).matches()) {
            throw new OciException.Malformed("digest " + algorithm.prefix + ": " + hex.length()
                    + " characters (expected: " + algorithm.sizeBytes * 2 + " lower-case hexadecimal ones)");
        }
    }

    /// Reads `algorithm:hex`.
    ///
    /// @throws OciException.Malformed if it is not a digest of a registered algorithm
    public static OciDigest parse(String text) {
        int colon = Math.max(text.indexOf(':'), 0);
        return new OciDigest(
                Algorithm.of(text.substring(0, colon))
                        .orElseThrow(() ->
                                new OciException.Malformed("digest: " + text.substring(0, Math.min(text.length(), 80))
                                        + " (expected: sha256:… or sha512:…)")),
                text.substring(colon + 1));
    }

    /// SHA-256 of the content, which is how this project names what it writes.
    public static OciDigest of(byte[] content) {
        MessageDigest hash = Algorithm.SHA256.newHash();
        return of(Algorithm.SHA256, hash.digest(content));
    }

    /// The digest whose raw bytes were computed elsewhere.
    public static OciDigest of(Algorithm algorithm, byte[] raw) {
        return new OciDigest(algorithm, HexFormat.of().formatHex(raw));
    }

    /// Refuses content that has another digest.
    ///
    /// @throws OciException.DigestMismatch naming `what`
    public void check(String what, byte[] content) {
        OciDigest actual = of(algorithm, algorithm.newHash().digest(content));
        if (!actual.equals(this)) {
            throw new OciException.DigestMismatch(what, actual, this);
        }
    }

    @Override
    public String toString() {
        return algorithm.prefix + ":" + hex;
    }

    /// A registered digest algorithm.
    public enum Algorithm {
        SHA256("sha256", "SHA-256", 32),
        SHA512("sha512", "SHA-512", 64);

        private final String prefix;
        private final String jcaName;
        private final int sizeBytes;

        Algorithm(String prefix, String jcaName, int sizeBytes) {
            this.prefix = prefix;
            this.jcaName = jcaName;
            this.sizeBytes = sizeBytes;
        }

        /// The algorithm of that name, such as `sha256`; absent if it is not registered.
        public static Optional<Algorithm> of(String prefix) {
            return Stream.of(values())
                    .filter(algorithm -> algorithm.prefix.equals(prefix))
                    .findFirst();
        }

        /// The word before the colon, which also names the folder in an image layout.
        public String prefix() {
            return prefix;
        }

        /// A fresh hash function.
        public MessageDigest newHash() {
            try {
                return MessageDigest.getInstance(jcaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(jcaName + ": missing in this Java", e);
            }
        }
    }
}
