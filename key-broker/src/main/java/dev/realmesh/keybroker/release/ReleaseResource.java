// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.release;

import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.KbsJwe;
import dev.realmesh.kbs.ReleaseStatement;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.policy.ReleasePolicy;
import dev.realmesh.keybroker.policy.ReleasePolicy.Decision;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.keybroker.rcar.RcarSession;
import dev.realmesh.keybroker.rcar.SessionId;
import dev.realmesh.keybroker.rcar.SessionStore;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.policy.PolicyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Releases a secret to an attested session, sealed to its TEE key and vouched for by the broker's identity.
public final class ReleaseResource {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseResource.class);

    private final SessionStore sessions;
    private final ReleasePolicy policy;
    private final ResourceRepository resources;
    private final BrokerIdentity identity;
    private final AuditLog audit;

    /// Releases what `resources` holds as `policy` says, in the name of `identity`.
    public ReleaseResource(
            SessionStore sessions,
            ReleasePolicy policy,
            ResourceRepository resources,
            BrokerIdentity identity,
            AuditLog audit) {
        this.sessions = sessions;
        this.policy = policy;
        this.resources = resources;
        this.identity = identity;
        this.audit = audit;
    }

    /// The secret at `path` for the session.
    ///
    /// @throws dev.realmesh.keybroker.rcar.RcarException if the session is unknown, expired or not attested
    /// @throws ReleaseException.Denied if the policy says no, whether there is such a secret or not
    /// @throws ReleaseException.Undecided if what the policy says cannot be known now
    /// @throws ReleaseException.NotFound if there is none
    public Released release(SessionId id, ResourcePath path) {
        RcarSession.Attested session = sessions.requireAttested(id);
        KbsJwe jwe = release(session.realm(), path);
        return new Released(jwe, identity.sign(new ReleaseStatement(jwe, session.nonce(), path)));
    }

    /// The secret at `path` for a Realm, sealed to its TEE key.
    ///
    /// @throws ReleaseException.Denied if the policy says no, whether there is such a secret or not
    /// @throws ReleaseException.Undecided if what the policy says cannot be known now
    /// @throws ReleaseException.NotFound if there is none
    public KbsJwe release(AttestedRealm realm, ResourcePath path) {
        if (decide(realm, path) instanceof Decision.Deny denied) {
            refused(realm, path, denied.detail());
            throw new ReleaseException.Denied(denied.reason());
        }
        try (SecretBytes secret = resources.find(path).orElseThrow(() -> notFound(realm, path))) {
            KbsJwe jwe = KbsJwe.seal(secret, realm.teePublicKey());
            audit.record(event(realm, path, Outcome.DONE, ""));
            LOG.info("{}: released to the Realm of result {}", path, realm.resultId());
            return jwe;
        }
    }

    private Decision decide(AttestedRealm realm, ResourcePath path) {
        try {
            return policy.decide(realm, path);
        } catch (PolicyException e) {
            refused(realm, path, "policy cannot be asked: " + e.getMessage());
            throw new ReleaseException.Undecided(e);
        }
    }

    private void refused(AttestedRealm realm, ResourcePath path, String why) {
        LOG.warn("{}: refused to the Realm of result {}: {}", path, realm.resultId(), why);
        audit.record(event(realm, path, Outcome.REFUSED, why));
    }

    private ReleaseException notFound(AttestedRealm realm, ResourcePath path) {
        audit.record(event(realm, path, Outcome.REFUSED, "not there"));
        return new ReleaseException.NotFound(path);
    }

    private static AuditEvent event(AttestedRealm realm, ResourcePath path, Outcome outcome, String detail) {
        return new AuditEvent(realm.actor(), Action.RELEASE, path.toString(), outcome, detail);
    }

    /// A released secret.
    ///
    /// @param jwe the secret, sealed
    /// @param statement what the broker's identity says about it, compact JWS
    public record Released(KbsJwe jwe, String statement) {}
}
