// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.veraison;

import java.net.URI;

/// Why Veraison gave no answer that can be used.
abstract sealed class VeraisonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private VeraisonException(String message) {
        super(message);
    }

    /// It is not there, or too slow, or in trouble; another time it may answer.
    static final class Unreachable extends VeraisonException {
        private static final long serialVersionUID = 1L;

        Unreachable(URI uri, String why) {
            super(uri + ": " + why);
        }

        Unreachable(URI uri, Exception cause) {
            super(uri + ": " + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()));
            initCause(cause);
        }
    }

    /// It refuses what every CCA verifier takes.
    static final class Refused extends VeraisonException {
        private static final long serialVersionUID = 1L;

        Refused(URI uri, int status, String detail) {
            super(uri + ": " + status + (detail.isEmpty() ? "" : ", " + detail));
        }
    }

    /// It answers what no honest Veraison would.
    static final class NotTrusted extends VeraisonException {
        private static final long serialVersionUID = 1L;

        NotTrusted(URI uri, String what) {
            super(uri + ": " + what);
        }
    }
}
