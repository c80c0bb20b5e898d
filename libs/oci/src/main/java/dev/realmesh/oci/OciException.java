// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

/// An image, or a part of one, was refused. Faults of storage and network are [java.io.IOException] instead.
/// Messages name what was refused and why, never key material.
public abstract sealed class OciException extends RuntimeException {
    private OciException(String message) {
        super(message);
    }

    private OciException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The text is no image reference.
    public static final class BadReference extends OciException {
        public BadReference(String message) {
            super(message);
        }

        public BadReference(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The bytes are not what their media type says.
    public static final class Malformed extends OciException {
        public Malformed(String message) {
            super(message);
        }

        public Malformed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// A well-formed thing that is not handled: a media type, cipher or key wrapping.
    public static final class Unsupported extends OciException {
        public Unsupported(String message) {
            super(message);
        }
    }

    /// A limit was passed; whoever set the limit decides whether it was too low.
    public static final class LimitExceeded extends OciException {
        public LimitExceeded(String what, long limit) {
            super(what + ": more than " + limit + " (expected: at most " + limit + ")");
        }
    }

    /// Content is longer or shorter than its descriptor says.
    public static final class SizeMismatch extends OciException {
        public SizeMismatch(String what, String actual, long expected) {
            super(what + ": " + actual + " bytes (expected: " + expected + ")");
        }
    }

    /// Content has another digest than the one that it was asked for by.
    public static final class DigestMismatch extends OciException {
        public DigestMismatch(String what, OciDigest actual, OciDigest expected) {
            super(what + ": " + actual + " (expected: " + expected + ")");
        }
    }

    /// A layer's HMAC is not the one in its annotations: the ciphertext or the annotation was changed, or the key is
    /// of another layer.
    public static final class NotAuthentic extends OciException {
        public NotAuthentic(String message) {
            super(message);
        }
    }

    /// None of the keys at hand opens the layer's key.
    public static final class NoKeyFits extends OciException {
        public NoKeyFits(String message) {
            super(message);
        }

        public NoKeyFits(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The image policy does not admit the image.
    public static final class NotAdmitted extends OciException {
        public NotAdmitted(String message) {
            super(message);
        }
    }

    /// A layer holds an entry that no honest tool writes, such as a name with `..`.
    public static final class HostileLayer extends OciException {
        public HostileLayer(String message) {
            super(message);
        }
    }
}
