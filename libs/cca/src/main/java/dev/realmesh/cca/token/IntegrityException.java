// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

/// Why evidence that reads well is not genuine. The messages are the words of Veraison's arm-cca scheme, which stand in
/// attestation results.
public abstract sealed class IntegrityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private IntegrityException(String message) {
        super(message);
    }

    /// Nothing vouches for the platform.
    public static final class NoTrustAnchor extends IntegrityException {
        private static final long serialVersionUID = 1L;

        public NoTrustAnchor() {
            super("no trust anchor for evidence");
        }
    }

    /// The realm challenge is not the one that was given.
    public static final class NotFresh extends IntegrityException {
        private static final long serialVersionUID = 1L;

        public NotFresh(String got, String expected) {
            super("freshness: realm challenge (" + got + ") does not match session nonce (" + expected + ")");
        }
    }

    /// The trust anchor did not sign the platform token.
    public static final class PlatformSignature extends IntegrityException {
        private static final long serialVersionUID = 1L;

        public PlatformSignature(String what) {
            super("unable to verify platform token: " + what);
        }
    }

    /// The realm token's profile is not known, so its key cannot be read.
    public static final class RealmKey extends IntegrityException {
        private static final long serialVersionUID = 1L;

        public RealmKey(String what) {
            super(what);
        }
    }

    /// The key in the realm token did not sign it.
    public static final class RealmSignature extends IntegrityException {
        private static final long serialVersionUID = 1L;

        public RealmSignature(String what) {
            super("unable to verify realm token: " + what);
        }
    }

    /// The platform token does not vouch for the realm token's key.
    public static final class Binding extends IntegrityException {
        private static final long serialVersionUID = 1L;

        public Binding(String what) {
            super("binding verification failed: " + what);
        }
    }
}
