// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.KeyBroker;
import dev.realmesh.keybroker.ManualClock;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.policy.ReleasePolicy.Decision;
import dev.realmesh.keybroker.rcar.AttestedRealm;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyLanguage;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.StoredPolicy;
import dev.realmesh.storage.Database;
import dev.realmesh.storage.PostgresqlConfig;
import dev.realmesh.storage.StorageException;
import dev.realmesh.storage.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What administrators do with policies, in two instances of a broker with one database.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class ResourcePoliciesTest {
    private static final String ACTOR = "admin:someone";
    private static final ResourcePath TEAM_A = ResourcePath.parse("team-a/key/1");
    private static final ResourcePath TEAM_B = ResourcePath.parse("team-b/key/1");
    private static final PolicyText ONLY_A = cel("data['resource-path'][0] == 'team-a'");
    private static final PolicyText ONLY_B = cel("data['resource-path'][0] == 'team-b'");
    private static final ReleasePolicy PERMITS = (realm, path) -> new Decision.Permit();

    @Parameter
    private TestDatabase kind;

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();
    private Database one;
    private Database other;
    private AuditLog audit;
    private ResourcePolicies policies;
    private ResourcePolicies elsewhere;
    private ReleasePolicy here;
    private ReleasePolicy there;

    @BeforeEach
    void open() throws Exception {
        Optional<PostgresqlConfig> shared = kind.fresh();
        Path file = Files.createFile(folder.resolve("resources.db"));
        one = database(shared, file);
        other = database(shared, file);
        audit = new AuditLog(one, clock);
        policies = ResourcePolicies.in(one, Optional.empty(), audit, clock);
        elsewhere = ResourcePolicies.in(other, Optional.empty(), new AuditLog(other, clock), clock);
        here = policies.narrowing(PERMITS);
        there = elsewhere.narrowing(PERMITS);
    }

    private static Database database(Optional<PostgresqlConfig> shared, Path file) {
        return shared.map(config -> Database.openPostgresql(config, KeyBroker.MIGRATIONS))
                .orElseGet(() -> Database.openSqlite(file, KeyBroker.MIGRATIONS));
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void withoutAPolicyInForceTheBrokersOwnHolds() {
        policies.put(cel("false"), ACTOR);

        assertThat(permits(here, TEAM_A)).isTrue();
    }

    @Test
    void everyInstanceFollowsAChangeAtOnce() {
        StoredPolicy a = policies.put(ONLY_A, ACTOR);
        StoredPolicy b = elsewhere.put(ONLY_B, ACTOR);

        for (StoredPolicy next : List.of(a, b, a)) {
            policies.activate(next.id().toString(), ACTOR);
            for (ReleasePolicy instance : List.of(here, there)) {
                assertThat(permits(instance, TEAM_A)).isEqualTo(next.equals(a));
                assertThat(permits(instance, TEAM_B)).isEqualTo(next.equals(b));
            }
        }
        elsewhere.remove(ACTOR);
        assertThat(permits(here, TEAM_B)).isTrue();
    }

    @Test
    void versionsAreNumberedByName() {
        assertThat(policies.put(ONLY_A, ACTOR).version()).isEqualTo(1);
        assertThat(elsewhere.put(ONLY_B, ACTOR).version()).isEqualTo(2);
        assertThat(policies.put(ResourcePolicies.text(PolicyLanguage.CEL, "strict", "false"), ACTOR)
                        .version())
                .isEqualTo(1);
        assertThat(policies.list())
                .extracting(StoredPolicy::name, StoredPolicy::version)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("strict", 1),
                        org.assertj.core.groups.Tuple.tuple("resource-policy", 2),
                        org.assertj.core.groups.Tuple.tuple("resource-policy", 1));
        assertThat(policies.get(policies.list().getFirst().id().toString())
                        .policy()
                        .text())
                .isEqualTo("false");
    }

    @Test
    void goesBackToTheVersionBeforeThatWasInForce() {
        activated(cel("1 == 1"));
        policies.put(cel("never == never".replace("never", "2")), ACTOR);
        activated(ONLY_A);
        activated(ONLY_B);

        assertThat(policies.rollBack(OptionalInt.empty(), ACTOR).version()).isEqualTo(3);
        assertThat(permits(there, TEAM_B)).isFalse();
        assertThat(policies.rollBack(OptionalInt.empty(), ACTOR).version()).isEqualTo(1);
        assertThatThrownBy(() -> policies.rollBack(OptionalInt.empty(), ACTOR))
                .isInstanceOf(PolicyException.NotFound.class)
                .hasMessageStartingWith("policy in force: no such version before it");
        assertThat(active()).isEqualTo("resource-policy 1");
    }

    @Test
    void goesBackToAVersionThatIsNamed() {
        activated(ONLY_A);
        policies.put(ONLY_B, ACTOR);
        activated(cel("false"));

        assertThat(policies.rollBack(OptionalInt.of(2), ACTOR).version()).isEqualTo(2);
        for (int none : List.of(2, 3, 0, -1, 7)) {
            assertThatThrownBy(() -> policies.rollBack(OptionalInt.of(none), ACTOR))
                    .isInstanceOf(PolicyException.NotFound.class);
        }
        assertThat(active()).isEqualTo("resource-policy 2");
    }

    @Test
    void replacingPutsInForceUnlessItIs() {
        StoredPolicy first = policies.replace(ONLY_A, ACTOR);
        assertThat(first.active()).isTrue();
        assertThat(policies.replace(ONLY_A, ACTOR)).isEqualTo(first);
        assertThat(elsewhere.replace(ONLY_B, ACTOR).version()).isEqualTo(2);
        assertThat(policies.replace(ONLY_A, ACTOR).version()).isEqualTo(3);
        assertThat(events()).hasSize(3);
    }

    @Test
    void eachChangeIsInTheAuditLogAndNothingElse() {
        StoredPolicy first = policies.put(ONLY_A, ACTOR);
        policies.activate(first.id().toString(), ACTOR);
        policies.activate(first.id().toString(), ACTOR);
        StoredPolicy second = policies.replace(ONLY_B, ACTOR);
        policies.rollBack(OptionalInt.empty(), ACTOR);
        policies.remove(ACTOR);
        policies.remove(ACTOR);
        policies.list();

        assertThat(events())
                .containsExactly(
                        "admin:someone POLICY resource-policy 1 DONE put, cel, id " + first.id(),
                        "admin:someone POLICY resource-policy 1 DONE in force, cel, id " + first.id(),
                        "admin:someone POLICY resource-policy 2 DONE put and in force, cel, id " + second.id(),
                        "admin:someone POLICY resource-policy 1 DONE in force again, cel, id " + first.id(),
                        "admin:someone POLICY resource-policy 1 DONE not in force any more, cel, id " + first.id());
    }

    @Test
    void changesNothingWhereTheAuditLogCannotBeWritten() {
        StoredPolicy stored = policies.put(ONLY_A, ACTOR);
        one.write("break", connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("ALTER TABLE audit RENAME TO audit_gone");
            }
        });

        assertThatThrownBy(() -> policies.put(ONLY_B, ACTOR)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> policies.activate(stored.id().toString(), ACTOR))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> policies.replace(ONLY_B, ACTOR)).isInstanceOf(StorageException.class);

        assertThat(policies.list()).containsExactly(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE policy SET document = 'true'",
                "DELETE FROM policy",
                "UPDATE policy_activation SET policy_id = ''",
                "DELETE FROM policy_activation"
            })
    void theDatabaseKeepsWhatWasInForce(String sql) {
        activated(cel("false"));

        assertThatThrownBy(() -> one.write("tamper", connection -> {
                    try (var statement = connection.createStatement()) {
                        return statement.executeUpdate(sql);
                    }
                }))
                .isInstanceOf(StorageException.class);
        assertThat(permits(here, TEAM_A)).isFalse();
    }

    @Test
    void storesAndActivatesNothingThatCannotBeAsked() {
        activated(ONLY_A);

        assertThatThrownBy(() -> policies.put(cel("no policy"), ACTOR)).isInstanceOf(PolicyException.Invalid.class);
        assertThatThrownBy(() -> policies.replace(cel("1"), ACTOR)).isInstanceOf(PolicyException.Invalid.class);
        assertThatThrownBy(() -> policies.activate("absent", ACTOR)).isInstanceOf(PolicyException.NotFound.class);
        assertThatThrownBy(() -> policies.put(
                        ResourcePolicies.text(PolicyLanguage.REGO, "", "package policy\nallow := true"), ACTOR))
                .isInstanceOf(PolicyException.NoEngine.class)
                .hasMessageContaining("key-broker.opa.url");

        assertThat(policies.list()).hasSize(1);
        assertThat(events()).hasSize(2);
        assertThat(permits(here, TEAM_B)).isFalse();
    }

    /// A policy in Rego that is in force, on an instance that has no OPA.
    @Test
    void aPolicyThatCannotBeAskedIsNoYes() {
        one.write("put", connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute(
                        "INSERT INTO policy (policy_id, scheme, language, name, version, created_at, document)"
                                + " VALUES ('5b0f1dd0-4a35-4b4c-9df4-5f62f8d3c6ab', 'resource', 'opa', 'x', 1, 0,"
                                + " 'package policy')");
                return statement.execute("INSERT INTO policy_activation (scheme, policy_id, activated_at)"
                        + " VALUES ('resource', '5b0f1dd0-4a35-4b4c-9df4-5f62f8d3c6ab', 0)");
            }
        });

        assertThatThrownBy(() -> permits(here, TEAM_A)).isInstanceOf(PolicyException.NoEngine.class);
    }

    /// What the broker's own policy refuses is not even asked.
    @Test
    void neverReleasesWhatTheBrokersOwnPolicyRefuses() {
        ReleasePolicy narrowed = policies.narrowing((realm, path) -> new Decision.Deny("own"));
        activated(cel("true"));

        assertThat(narrowed.decide(realm(), TEAM_A)).isEqualTo(new Decision.Deny("own"));
        activated(cel("false"));
        assertThat(narrowed.decide(realm(), TEAM_A)).isEqualTo(new Decision.Deny("own"));
    }

    @Test
    void guestsAreNotToldWhichPolicyRefusesAndAdministratorsAre() {
        activated(ONLY_B);

        assertThat(here.decide(realm(), TEAM_A)).isInstanceOfSatisfying(Decision.Deny.class, denied -> {
            assertThat(denied.reason()).startsWith("policy: of the broker's administrators, does not permit it");
            assertThat(denied.detail()).isEqualTo("policy resource-policy 1: is false");
        });
    }

    private static PolicyText cel(String text) {
        return ResourcePolicies.text(PolicyLanguage.CEL, "", text);
    }

    private void activated(PolicyText policy) {
        policies.activate(policies.put(policy, ACTOR).id().toString(), ACTOR);
    }

    private String active() {
        return policies.list().stream()
                .filter(StoredPolicy::active)
                .map(policy -> policy.name() + " " + policy.version())
                .findFirst()
                .orElse("none");
    }

    private List<String> events() {
        return audit.page(0, 100).stream()
                .map(stored -> stored.entry().event())
                .map(event -> event.actor() + " " + event.action() + " " + event.subject() + " " + event.outcome() + " "
                        + event.detail())
                .toList();
    }

    private static boolean permits(ReleasePolicy policy, ResourcePath path) {
        return policy.decide(realm(), path) instanceof Decision.Permit;
    }

    private static AttestedRealm realm() {
        return Realms.affirming();
    }
}
