// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.attest;

/// Why key-broker, or who answers in its place, did not serve the Realm.
public abstract sealed class BrokerException extends RuntimeException {
    private BrokerException(String message) {
        super(message);
    }

    private BrokerException(String message, Throwable cause) {
        super(message, cause);
    }

    /// A verdict: the appraisal is not affirming, or the policy says no.
    public static final class Refused extends BrokerException {
        public Refused(String message) {
            super(message);
        }
    }

    /// The broker does not know the session, or not any more.
    public static final class SessionEnded extends BrokerException {
        public SessionEnded(String message) {
            super(message);
        }
    }

    /// The broker has no such secret.
    public static final class NoSuchResource extends BrokerException {
        public NoSuchResource(String message) {
            super(message);
        }
    }

    /// A fault: the broker, its verifier or the way to them does not work now.
    public static final class Unavailable extends BrokerException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The answer is not one of the protocol.
    public static final class Misbehaved extends BrokerException {
        public Misbehaved(String message) {
            super("key-broker answered with a " + message);
        }
    }
}
