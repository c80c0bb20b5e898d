// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the owner of a workload pins for a Realm of Realmesh: entry [#NAME] of its [Initdata], a TOML text
///
/// ```toml
/// key-broker-identity = '{"crv":"P-384","kty":"EC","x":"…","y":"…"}'
///
/// [image-policy]
/// require-encryption = true
///
/// [agent-policy]
/// allow-command = false
///
/// [api-server-rest]
/// features = "resource"
///
/// [image]
/// registry-credentials = "kbs:///default/registry-credential/team"
/// ```
///
/// The keys of `[agent-policy]` are in [AgentPolicy.Permission]. A key that is not known is refused, for it may have
/// been meant to forbid something.
///
/// @param keyBrokerIdentity the broker whose answers the Realm believes; `key-broker-identity`, required
/// @param imagePolicy which images may run; `[image-policy]`
/// @param agentPolicy what the host may ask the Realm's agent for; `[agent-policy]`
/// @param workloadFeatures what the agent serves to the workload; `[api-server-rest]`
/// @param privateRegistries which registries the Realm asks itself; `[image]`
public record RealmSettings(
        BrokerPublicKey keyBrokerIdentity,
        ImagePolicy imagePolicy,
        AgentPolicy agentPolicy,
        WorkloadFeatures workloadFeatures,
        PrivateRegistries privateRegistries) {
    /// Name of the entry in initdata.
    public static final String NAME = "realmesh.toml";

    private static final int MAX_CHARACTERS = 256 << 10;
    private static final Set<String> KEYS =
            Set.of("key-broker-identity", "image-policy", "agent-policy", "api-server-rest", "image");

    /// Settings that leave to the workload what it has by default.
    public RealmSettings(BrokerPublicKey keyBrokerIdentity, ImagePolicy imagePolicy, AgentPolicy agentPolicy) {
        this(keyBrokerIdentity, imagePolicy, agentPolicy, WorkloadFeatures.byDefault(agentPolicy));
    }

    /// Settings of a Realm that asks no registry itself.
    public RealmSettings(
            BrokerPublicKey keyBrokerIdentity,
            ImagePolicy imagePolicy,
            AgentPolicy agentPolicy,
            WorkloadFeatures workloadFeatures) {
        this(keyBrokerIdentity, imagePolicy, agentPolicy, workloadFeatures, PrivateRegistries.NONE);
    }

    /// Reads the settings that an initdata document holds.
    ///
    /// @throws KbsException.Malformed if it has none, or they are wrong
    public static RealmSettings in(Initdata initdata) {
        String text = initdata.data().get(NAME);
        if (text == null) {
            throw new KbsException.Malformed("initdata", "no entry \"" + NAME + "\" (expected: one)");
        }
        return parse(text);
    }

    /// Reads the TOML text.
    ///
    /// @throws KbsException.Malformed if it is over 256 KiB, not TOML, has an unknown key or a wrong value
    public static RealmSettings parse(String toml) {
        ObjectNode table = BoundedToml.parse(NAME, toml, MAX_CHARACTERS);
        BoundedToml.requireKnown(NAME, table, KEYS);
        JsonNode identity = table.path("key-broker-identity");
        if (!identity.isString()) {
            throw new KbsException.Malformed(
                    NAME + " key-broker-identity", "missing or no string (expected: a public JWK as text)");
        }
        AgentPolicy agentPolicy = AgentPolicy.read(BoundedToml.table(NAME, table, "agent-policy"));
        return new RealmSettings(
                BrokerPublicKey.parse(identity.stringValue()),
                ImagePolicy.read(BoundedToml.table(NAME, table, "image-policy")),
                agentPolicy,
                WorkloadFeatures.read(BoundedToml.table(NAME, table, "api-server-rest"), agentPolicy),
                PrivateRegistries.read(BoundedToml.table(NAME, table, "image")));
    }

    /// The same for a Realm that asks those registries itself.
    public RealmSettings with(PrivateRegistries registries) {
        return new RealmSettings(keyBrokerIdentity, imagePolicy, agentPolicy, workloadFeatures, registries);
    }

    /// The TOML text.
    public String toToml() {
        return "key-broker-identity = '" + keyBrokerIdentity.toJwk() + "'\n\n[image-policy]\n" + imagePolicy.toToml()
                + "\n[agent-policy]\n" + agentPolicy.toToml() + workloadFeatures.toToml(agentPolicy)
                + privateRegistries.toToml();
    }

    /// An initdata document with these settings alone.
    public Initdata toInitdata() {
        return Initdata.of(Initdata.Algorithm.SHA512, Map.of(NAME, toToml()));
    }
}
