// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.audit;

/// What happened: who did what to what, and what came of it. Never a secret, a key or a token.
///
/// @param actor `realm:` and the stored result that it attested with, `admin:` and an administrator's name, or
///     `key-provider`
/// @param action what was done
/// @param subject what it was done to, such as a resource's path; may be empty
/// @param outcome what came of it
/// @param detail why, for people; may be empty
public record AuditEvent(String actor, Action action, String subject, Outcome outcome, String detail) {
    private static final int MAX_TEXT = 1024;

    public AuditEvent {
        actor = cut(actor);
        subject = cut(subject);
        detail = cut(detail);
    }

    /// What is recorded.
    public enum Action {
        /// A guest showed evidence.
        ATTEST,
        /// A guest asked for a secret.
        RELEASE,
        /// An administrator stored a secret, or the key provider one that it made.
        PUT,
        /// An administrator removed a secret.
        DELETE,
        /// An administrator made an earlier version of a secret the newest.
        RESTORE,
        /// An administrator replaced the master key.
        ROTATE,
        /// An administrator changed which policy is in force.
        POLICY,
        /// An administrator changed what the verifier appraises by.
        VERIFIER,
        /// Something that an administrator's role may not do.
        ADMINISTER
    }

    /// What came of it.
    public enum Outcome {
        DONE,
        REFUSED
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
