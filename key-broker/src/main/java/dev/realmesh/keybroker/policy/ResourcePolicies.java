// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import dev.realmesh.cca.ear.EarClaims;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.kbs.audit.AuditEvent;
import dev.realmesh.kbs.audit.AuditEvent.Action;
import dev.realmesh.kbs.audit.AuditEvent.Outcome;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.rcar.Verdict;
import dev.realmesh.policy.PolicyEngine;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyInForce;
import dev.realmesh.policy.PolicyLanguage;
import dev.realmesh.policy.PolicyStore;
import dev.realmesh.policy.PolicyStore.Alongside;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.StoredPolicy;
import dev.realmesh.policy.opa.Opa;
import dev.realmesh.policy.opa.OpaConfig;
import dev.realmesh.storage.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What administrators do with resource policies: each change is stored with its entry in the audit log, or not at all.
public final class ResourcePolicies {
    /// What a policy is called that was given no name: the id of the one policy of a Trustee KBS.
    public static final String DEFAULT_NAME = "resource-policy";

    private final PolicyEngine<ResourcePolicy> engine;
    private final PolicyStore store;
    private final AuditLog audit;

    private ResourcePolicies(PolicyEngine<ResourcePolicy> engine, PolicyStore store, AuditLog audit) {
        this.engine = engine;
        this.store = store;
        this.audit = audit;
    }

    /// The policies in a broker's database.
    ///
    /// @param opa what evaluates those in Rego; absent: there are none
    public static ResourcePolicies in(Database database, Optional<Opa> opa, AuditLog audit, InstantSource clock) {
        PolicyEngine<ResourcePolicy> engine = PolicyEngine.of(
                CelPolicy::compile,
                opa.map(RegoPolicy::engine).orElseGet(() -> PolicyEngine.withoutOpa("key-broker.opa.url")));
        return new ResourcePolicies(engine, new PolicyStore(database, engine, clock), audit);
    }

    /// A client of an OPA for such policies.
    ///
    /// @throws IllegalArgumentException if a file of the configuration cannot be used; the message says which
    public static Opa openOpa(OpaConfig config) {
        return Opa.open(config, RegoPolicy.FRAME);
    }

    /// A policy as an administrator writes it.
    ///
    /// @param name empty for [#DEFAULT_NAME]
    /// @throws PolicyException.Invalid if the name is none, or the text is too long
    public static PolicyText text(PolicyLanguage language, String name, String text) {
        return new PolicyText(language, name.isEmpty() ? DEFAULT_NAME : name, text);
    }

    /// A broker's own policy, narrowed by the one in force.
    public ReleasePolicy narrowing(ReleasePolicy own) {
        return new NarrowedPolicy(own, new PolicyInForce<>(store, PolicyQuestion.PLUGIN, engine));
    }

    /// Stores a policy as the next version of its name; it is not in force yet.
    ///
    /// @param actor who does it
    /// @throws PolicyException if it is none that could be asked, or nobody can say; then nothing is stored
    public StoredPolicy put(PolicyText policy, String actor) {
        return store.put(PolicyQuestion.PLUGIN, policy, recording(actor, "put"));
    }

    /// Stores a policy and puts it in force; nothing happens if it is.
    ///
    /// @throws PolicyException if it is none that could be asked, or nobody can say; then nothing has changed
    public StoredPolicy replace(PolicyText policy, String actor) {
        return store.replace(PolicyQuestion.PLUGIN, policy, recording(actor, "put and in force"));
    }

    /// All policies, newest first.
    public List<StoredPolicy> list() {
        return store.list();
    }

    /// A policy by its id.
    ///
    /// @throws PolicyException.NotFound if there is none
    public StoredPolicy get(String id) {
        return store.get(id);
    }

    /// Puts a policy in force, in place of the one that was.
    ///
    /// @throws PolicyException.NotFound if there is none of this id
    /// @throws PolicyException if it could not be asked, or nobody can say; then what was in force still is
    public StoredPolicy activate(String id, String actor) {
        return store.activate(id, recording(actor, "in force"));
    }

    /// Puts an earlier version of the policy in force in its place.
    ///
    /// @param version of it; empty for the last before that was in force
    /// @throws PolicyException.NotFound if there is none
    /// @throws PolicyException if it could not be asked, or nobody can say; then what was in force still is
    public StoredPolicy rollBack(OptionalInt version, String actor) {
        StoredPolicy earlier =
                store.earlier(PolicyQuestion.PLUGIN, version).orElseThrow(PolicyException.NotFound::anEarlierOne);
        return store.activate(earlier.id().toString(), recording(actor, "in force again"));
    }

    /// Leaves no policy in force.
    public void remove(String actor) {
        store.deactivate(PolicyQuestion.PLUGIN, recording(actor, "not in force any more"));
    }

    /// What the broker's own rules on a verdict and a policy say of a release.
    ///
    /// @param ownRefusal why the first refuse; what they say of initdata is not in it
    /// @param policyRefusal why the policy does
    public record Trial(Optional<String> ownRefusal, Optional<String> policyRefusal) {
        /// Whether both allow it.
        public boolean allowed() {
            return ownRefusal.isEmpty() && policyRefusal.isEmpty();
        }
    }

    /// Asks a policy what it would say of a result and a secret. Nothing is stored.
    ///
    /// @throws PolicyException if it is none that could be asked, or nobody can say
    /// @throws dev.realmesh.cca.ear.EarException if it is no result in the form that it says
    public Trial tryOn(PolicyText policy, EarClaims claims, ResourcePath path) {
        PolicyQuestion question = new PolicyQuestion(claims.forPolicies(Map.of()), path);
        try (ResourcePolicy ready = engine.compile(policy)) {
            return new Trial(AffirmingOnly.refusal(Verdict.of(claims)), ready.refusal(question));
        }
    }

    private Alongside recording(String actor, String what) {
        return (connection, policy) -> audit.record(
                new AuditEvent(
                        actor,
                        Action.POLICY,
                        policy.name() + " " + policy.version(),
                        Outcome.DONE,
                        what + ", " + policy.policy().language().type() + ", id " + policy.id()),
                connection);
    }
}
