// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.endorsement;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.corim.CorimException;

/// Why endorsements were not taken; then nothing of them is stored.
public abstract sealed class EndorsementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EndorsementException(String message) {
        super(message);
    }

    /// No CoRIM of a known profile, or signed by nobody who is trusted.
    public static final class Refused extends EndorsementException {
        private static final long serialVersionUID = 1L;

        public Refused(CorimException cause) {
            super(String.valueOf(cause.getMessage()));
            initCause(cause);
        }
    }

    /// A media type that is not taken, or that the content contradicts.
    public static final class WrongMediaType extends EndorsementException {
        private static final long serialVersionUID = 1L;

        public WrongMediaType(String got, String expected) {
            super("media type: " + got + " (expected: " + expected + ")");
        }
    }

    /// The verifier that is to have it too does not take it, or is not there.
    public static final class NotPassedOn extends EndorsementException {
        private static final long serialVersionUID = 1L;

        public NotPassedOn(String what) {
            super(what);
        }
    }

    /// The same bytes are stored.
    public static final class AlreadyStored extends EndorsementException {
        private static final long serialVersionUID = 1L;

        public AlreadyStored(String corimId) {
            super("CoRIM " + corimId + ": stored already (expected: new content)");
        }
    }

    /// Another key is the trust anchor of the same platform at the same time.
    public static final class Conflict extends EndorsementException {
        private static final long serialVersionUID = 1L;

        public Conflict(Bytes instanceId) {
            super("trust anchor of instance " + instanceId
                    + ": another key than the stored one (expected: the same key, or another time)");
        }
    }
}
