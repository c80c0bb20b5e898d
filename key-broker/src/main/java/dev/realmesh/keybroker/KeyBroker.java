// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.EarVerifier;
import dev.realmesh.cca.ear.RelyingParty;
import dev.realmesh.kbs.BrokerIdentity;
import dev.realmesh.kbs.BrokerPublicKey;
import dev.realmesh.kbs.SecretBytes;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.audit.AuditLog;
import dev.realmesh.keybroker.grpc.AttestationServiceAdministration;
import dev.realmesh.keybroker.grpc.AttestationServiceVerifier;
import dev.realmesh.keybroker.grpc.KeyBrokerGrpc;
import dev.realmesh.keybroker.grpc.KeyProviderGrpc;
import dev.realmesh.keybroker.grpc.ResourceAdminGrpc;
import dev.realmesh.keybroker.grpc.ResourcePolicyGrpc;
import dev.realmesh.keybroker.http.HttpConfig;
import dev.realmesh.keybroker.http.KbsServer;
import dev.realmesh.keybroker.keyprovider.KeyProvider;
import dev.realmesh.keybroker.keyprovider.KeyProviderConfig;
import dev.realmesh.keybroker.metrics.KbsMetrics;
import dev.realmesh.keybroker.policy.AffirmingOnly;
import dev.realmesh.keybroker.policy.MeteredPolicy;
import dev.realmesh.keybroker.policy.ReleasePolicy;
import dev.realmesh.keybroker.policy.ResourcePolicies;
import dev.realmesh.keybroker.rcar.Handshake;
import dev.realmesh.keybroker.rcar.Passports;
import dev.realmesh.keybroker.rcar.SessionStore;
import dev.realmesh.keybroker.release.ReleaseResource;
import dev.realmesh.keybroker.resource.MeteredResources;
import dev.realmesh.keybroker.resource.ResourceRepository;
import dev.realmesh.keybroker.verifier.AdministerVerifier;
import dev.realmesh.mesh.MeshService;
import dev.realmesh.mesh.edge.Edge;
import dev.realmesh.mesh.health.HealthCheck;
import dev.realmesh.mesh.state.AdminToken;
import dev.realmesh.mesh.state.StateFolder;
import dev.realmesh.policy.opa.Opa;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.prometheus.metrics.model.registry.Collector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// A broker, put together and open: its files are read or made, its database is migrated, its services are there to be
/// served by a mesh or a test. Its calls block; serve them on virtual threads.
public final class KeyBroker implements MeshService {
    /// Name on the bus.
    public static final String BUS_NAME = "key-broker";

    /// File of the identity's public key in the state folder: what initdata pins.
    public static final String IDENTITY_FILE = "identity.jwk";

    /// File of the admin token in the state folder.
    public static final String ADMIN_TOKEN_FILE = "admin.token";

    /// Folder of the class path with the migrations of its database.
    public static final String MIGRATIONS = "db/keybroker";

    private static final String PRIVATE_IDENTITY_FILE = "identity.private.jwk";
    private static final int MAX_JWK_BYTES = 4096;

    private final BrokerIdentity identity;
    private final Stores stores;
    private final Optional<Opa> opa;
    private final Services services;
    private final Watched watched;

    private KeyBroker(BrokerIdentity identity, Stores stores, Optional<Opa> opa, Services services, Watched watched) {
        this.identity = identity;
        this.stores = stores;
        this.opa = opa;
        this.services = services;
        this.watched = watched;
    }

    /// What is served, to whom.
    private record Services(
            KeyBrokerGrpc realms,
            List<BindableService> administration,
            Optional<KbsServer> http,
            Optional<Edge> keyProvider) {}

    /// What operators see of it.
    private record Watched(List<HealthCheck> checks, KbsMetrics metrics) {}

    /// Opens a broker.
    ///
    /// @param attestation channel to attestation-service
    /// @throws IllegalArgumentException if a signer's key, or a file of the OPA's configuration, cannot be read
    /// @throws dev.realmesh.mesh.state.StateException if the state folder cannot be used
    /// @throws dev.realmesh.keybroker.resource.ResourceException if its secrets are under another master key
    /// @throws dev.realmesh.storage.StorageException if the database cannot be used
    public static KeyBroker open(KeyBrokerConfig config, Channel attestation, InstantSource clock) {
        RelyingParty relyingParty = new RelyingParty(
                config.earSignerKeys().stream().map(KeyBroker::signer).toList(), config.sessionTime(), clock);
        StateFolder state = StateFolder.open(config.stateFolder());
        BrokerIdentity identity = identity(state);
        AdminToken adminToken = AdminToken.in(state, ADMIN_TOKEN_FILE);
        Optional<Opa> opa = config.opa().map(ResourcePolicies::openOpa);
        Stores stores = Stores.open(config, state, clock);
        KbsMetrics metrics = new KbsMetrics();
        ResourceRepository resources = new MeteredResources(stores.resources(), metrics);
        AuditLog audit = stores.audit();

        SessionStore sessions = new SessionStore(config.maxSessions(), config.sessionTime(), clock);
        var verifier = new AttestationServiceVerifier(attestation, config.verifierTimeout());
        ResourcePolicies policies = ResourcePolicies.in(stores.database(), opa, audit, clock);
        ReleasePolicy policy = new MeteredPolicy(policies.narrowing(policy(config, identity.publicKey())), metrics);
        var verifierAdministration = new AttestationServiceAdministration(
                attestation, config.verifierAdminTokenFile(), config.verifierTimeout());
        var parts = new KbsServer.Parts(
                new Handshake(sessions, new Handshake.Trust(verifier, relyingParty), audit, metrics),
                sessions,
                new Passports(relyingParty),
                new ReleaseResource(sessions, policy, resources, identity, audit),
                resources,
                policies,
                new AdministerVerifier(verifierAdministration, audit),
                Administrators.of(adminToken, config.admin(), audit, clock),
                metrics);
        return new KeyBroker(
                identity,
                stores,
                opa,
                serve(config, parts, stores, clock),
                new Watched(checks(stores, attestation, opa), metrics));
    }

    private static Services serve(KeyBrokerConfig config, KbsServer.Parts parts, Stores stores, InstantSource clock) {
        Optional<KbsServer> http = config.http().map(served -> serve(served, parts, stores));
        var resources = new ResourceAdminGrpc.Parts(
                parts.resources(), stores.rotation(), stores.underMasterKey(), stores.audit());
        return new Services(
                new KeyBrokerGrpc(parts.handshake(), parts.release()),
                List.of(
                        ResourceAdminGrpc.guarded(resources, parts.administrators()),
                        ResourcePolicyGrpc.guarded(parts.policies(), parts.administrators())),
                http,
                config.keyProvider()
                        .map(served -> serve(served, new KeyProvider(served, parts.resources(), clock), () -> {
                            http.ifPresent(KbsServer::close);
                            stores.close();
                        })));
    }

    /// What Realms know this broker by; goes into their initdata.
    public BrokerPublicKey identity() {
        return identity.publicKey();
    }

    /// The port of the KBS protocol over HTTP, if it is served.
    public OptionalInt httpPort() {
        return services.http().map(KbsServer::port).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /// The port of the key provider, if it is served.
    public OptionalInt keyProviderPort() {
        return services.keyProvider().map(Edge::port).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /// The services for the bus: what guests call.
    @Override
    public List<BindableService> busServices() {
        return List.of(services.realms().labelled());
    }

    /// The services for the edge: what guests call, and what the owner of the secrets calls with the admin token.
    @Override
    public List<BindableService> edgeServices() {
        List<BindableService> all = new ArrayList<>(services.administration());
        all.add(services.realms());
        return all;
    }

    @Override
    public List<HealthCheck> healthChecks() {
        return watched.checks();
    }

    @Override
    public List<Collector> metrics() {
        return watched.metrics().collectors();
    }

    @Override
    public void close() {
        services.keyProvider().ifPresent(Edge::close);
        services.http().ifPresent(KbsServer::close);
        opa.ifPresent(Opa::close);
        stores.close();
    }

    private static List<HealthCheck> checks(Stores stores, Channel attestation, Optional<Opa> opa) {
        List<HealthCheck> checks = new ArrayList<>(stores.healthChecks());
        checks.add(HealthCheck.of("attestation-service", HealthCheck.serving(attestation)));
        opa.ifPresent(each -> checks.add(HealthCheck.of("opa", each::problem)));
        return List.copyOf(checks);
    }

    private static Edge serve(KeyProviderConfig config, KeyProvider provider, Runnable undo) {
        try {
            return KeyProviderGrpc.serve(config, provider);
        } catch (IllegalStateException e) {
            undo.run();
            throw new IllegalStateException("key-provider: " + e.getMessage(), e);
        }
    }

    private static KbsServer serve(HttpConfig config, KbsServer.Parts parts, Stores stores) {
        try {
            return KbsServer.start(config, parts);
        } catch (IllegalStateException e) {
            stores.close();
            throw e;
        }
    }

    private static BrokerIdentity identity(StateFolder state) {
        try (SecretBytes jwk = SecretBytes.taking(state.secret(PRIVATE_IDENTITY_FILE, KeyBroker::newIdentity))) {
            BrokerIdentity identity = BrokerIdentity.parse(jwk);
            state.publish(IDENTITY_FILE, identity.publicKey().toJwk().getBytes(StandardCharsets.UTF_8));
            return identity;
        }
    }

    private static byte[] newIdentity() {
        try (SecretBytes jwk = BrokerIdentity.generate().toPrivateJwk()) {
            return jwk.reveal();
        }
    }

    private static ReleasePolicy policy(KeyBrokerConfig config, BrokerPublicKey identity) {
        Set<Bytes> allowed =
                config.allowedInitdata().stream().map(Bytes::ofHex).collect(Collectors.toUnmodifiableSet());
        return config.requirePinnedIdentity()
                ? AffirmingOnly.pinning(identity, allowed)
                : AffirmingOnly.withoutPin(allowed);
    }

    private static EarVerifier signer(Path file) {
        try {
            if (Files.size(file) > MAX_JWK_BYTES) {
                throw new IllegalArgumentException(
                        "ear-signer-keys: " + file + " is too long (expected: one public JWK)");
            }
            return EarVerifier.ofJwk(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("ear-signer-keys: " + file + " cannot be read (expected: a JWK)", e);
        }
    }
}
