// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.verifier;

import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import java.util.Optional;

/// Hands on what administrators of this broker change at the verifier, and has in the audit log what came of it.
public final class AdministerVerifier {
    private final VerifierAdministration verifier;
    private final AuditLog audit;

    public AdministerVerifier(VerifierAdministration verifier, AuditLog audit) {
        this.verifier = verifier;
        this.audit = audit;
    }

    /// Sets a policy that evidence is appraised by.
    ///
    /// @param policy Rego in base64url without padding
    /// @throws VerifierException if the verifier does not
    public void setPolicy(String id, String policy, String actor) {
        recorded(actor, "attestation policy " + id, () -> verifier.setPolicy(id, policy));
    }

    /// The reference value of an id, JSON; empty if there is none.
    ///
    /// @throws VerifierException if the verifier does not say
    public Optional<String> referenceValue(String id) {
        return verifier.referenceValue(id);
    }

    /// Stores reference values.
    ///
    /// @param message of the reference value provider, JSON
    /// @throws VerifierException if the verifier does not
    public void registerReferenceValues(String message, String actor) {
        recorded(actor, "reference values", () -> verifier.registerReferenceValues(message));
    }

    private void recorded(String actor, String subject, Runnable change) {
        try {
            change.run();
        } catch (VerifierException e) {
            audit.record(event(actor, subject, Outcome.REFUSED, String.valueOf(e.getMessage())));
            throw e;
        }
        audit.record(event(actor, subject, Outcome.DONE, ""));
    }

    private static AuditEvent event(String actor, String subject, Outcome outcome, String detail) {
        return new AuditEvent(actor, Action.VERIFIER, subject, outcome, detail);
    }
}
